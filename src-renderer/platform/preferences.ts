// What a person has set on this device: how it looks, what language it speaks, which Enter sends. Kept beside the app's data, never sent anywhere.
import * as v from 'valibot'
import { parsedJson } from './parsed-json.ts'

/** early-preferences.ts reads it too, before the first paint. */
export const PREFERENCES_KEY = 'maru.preferences'

export const THEMES = ['system', 'light', 'dark'] as const
export const LANGUAGES = ['system', 'ko', 'en'] as const

/** In percent of what the browser calls normal. */
export const TEXT_SIZE = { min: 80, max: 200, step: 10, normal: 100 } as const
export const DENSITIES = ['comfortable', 'compact'] as const
export const CONTRASTS = ['system', 'more'] as const
export const ENTER_SENDS = ['enter', 'shift-enter'] as const

const preferencesSchema = v.object({
  theme: v.fallback(v.picklist(THEMES), 'system'),
  language: v.fallback(v.picklist(LANGUAGES), 'system'),
  textSize: v.fallback(
    v.pipe(v.number(), v.integer(), v.minValue(TEXT_SIZE.min), v.maxValue(TEXT_SIZE.max)),
    TEXT_SIZE.normal as number
  ),
  density: v.fallback(v.picklist(DENSITIES), 'comfortable'),
  contrast: v.fallback(v.picklist(CONTRASTS), 'system'),
  enterSends: v.fallback(v.picklist(ENTER_SENDS), 'enter')
})
export type Preferences = v.InferOutput<typeof preferencesSchema>

const NOTHING_SET: Preferences = v.parse(preferencesSchema, {})

/** Whatever cannot be read counts as not set. */
export function loadPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  const set = v.safeParse(preferencesSchema, parsedJson(storage.getItem(PREFERENCES_KEY) ?? '{}'))
  return set.success ? set.output : NOTHING_SET
}

export function savePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  storage.setItem(PREFERENCES_KEY, JSON.stringify(preferences))
}

/** Tells the page how to look; tokens.css does the rest. early-preferences.ts does the same before the first paint. */
export function applyLook(root: HTMLElement, { theme, textSize, density, contrast }: Preferences): void {
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
  if (density === 'compact') root.dataset['density'] = density
  else delete root.dataset['density']
  if (contrast === 'more') root.dataset['contrast'] = contrast
  else delete root.dataset['contrast']
  root.style.fontSize = textSize === TEXT_SIZE.normal ? '' : `${textSize}%`
}

/** Calls back when another window of this installation has changed them. Returns its stop. */
export function startWatchingPreferences(onChanged: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key === PREFERENCES_KEY || event.key === null) onChanged()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}
