// What a person has set on this device: theme and language. Kept beside the app's data, never sent anywhere.
import { z } from 'zod'

/** public/theme.js reads it too, before the first paint. */
export const PREFERENCES_KEY = 'maru.preferences'

export const THEMES = ['system', 'light', 'dark'] as const
export const LANGUAGES = ['system', 'ko', 'en'] as const

const preferencesSchema = z.object({
  theme: z.enum(THEMES).catch('system'),
  language: z.enum(LANGUAGES).catch('system')
})
export type Preferences = z.infer<typeof preferencesSchema>

const NOTHING_SET: Preferences = { theme: 'system', language: 'system' }

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

/** Sets the theme of the page; tokens.css does the rest. */
export function applyTheme(root: HTMLElement, theme: Preferences['theme']): void {
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
}

/** Calls back when another window of this installation has changed them. Returns its stop. */
export function startWatchingPreferences(onChanged: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key === PREFERENCES_KEY || event.key === null) onChanged()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}
