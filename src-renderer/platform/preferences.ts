// What a person has set on this device: how it looks, what language it speaks, which Enter sends. Kept beside the app's data, never sent anywhere.
import * as z from 'zod/mini'

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
  theme: z.catch(z.enum(THEMES), 'system'),
  language: z.catch(z.enum(LANGUAGES), 'system'),
  textSize: z.catch(z.int().check(z.minimum(TEXT_SIZE.min), z.maximum(TEXT_SIZE.max)), TEXT_SIZE.normal),
  density: z.catch(z.enum(DENSITIES), 'comfortable'),
  contrast: z.catch(z.enum(CONTRASTS), 'system'),
  enterSends: z.catch(z.enum(ENTER_SENDS), 'enter')
})
export type Preferences = z.infer<typeof preferencesSchema>

const NOTHING_SET: Preferences = preferencesSchema.parse({})

/** Whatever cannot be read counts as not set. */
export function loadPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  try {
    return preferencesSchema.safeParse(JSON.parse(storage.getItem(PREFERENCES_KEY) ?? '{}')).data ?? NOTHING_SET
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING_SET
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
