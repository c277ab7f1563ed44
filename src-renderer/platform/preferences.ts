// What a person has set on this device: how it looks, what language it speaks, which Enter sends. Kept beside the app's data, never sent anywhere.
import { z } from 'zod'

/** public/theme.js reads it too, before the first paint. */
export const PREFERENCES_KEY = 'maru.preferences'

export const THEMES = ['system', 'light', 'dark'] as const
export const LANGUAGES = ['system', 'ko', 'en'] as const

/** In percent of what the browser calls normal. */
export const TEXT_SIZE = { min: 80, max: 200, step: 10, normal: 100 } as const
export const DENSITIES = ['comfortable', 'compact'] as const
export const CONTRASTS = ['system', 'more'] as const
export const ENTER_SENDS = ['enter', 'shift-enter'] as const

const preferencesSchema = z.object({
  theme: z.enum(THEMES).catch('system'),
  language: z.enum(LANGUAGES).catch('system'),
  textSize: z.number().int().min(TEXT_SIZE.min).max(TEXT_SIZE.max).catch(TEXT_SIZE.normal),
  density: z.enum(DENSITIES).catch('comfortable'),
  contrast: z.enum(CONTRASTS).catch('system'),
  enterSends: z.enum(ENTER_SENDS).catch('enter')
})
export type Preferences = z.infer<typeof preferencesSchema>

const NOTHING_SET: Preferences = preferencesSchema.parse({})

/** Whatever cannot be read counts as not set. */
export function loadPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(storage.getItem(PREFERENCES_KEY) ?? '{}'))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return NOTHING_SET
    throw error
  }
}

export function savePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  storage.setItem(PREFERENCES_KEY, JSON.stringify(preferences))
}

/** Tells the page how to look; tokens.css does the rest. public/theme.js does the same before the first paint. */
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
