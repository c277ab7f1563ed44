// What can be chosen in settings, in words. Pure.
import { LANGUAGES, THEMES } from '../../platform/preferences.ts'
import type { Preferences } from '../../platform/preferences.ts'
import type { Texts } from '../../texts/texts.ts'

type Option<Value> = { value: Value; words: string; lang?: string }

export function themeOptions({ settings }: Texts): Option<Preferences['theme']>[] {
  const words = { system: settings.asSystem, light: settings.light, dark: settings.dark }
  return THEMES.map((value) => ({ value, words: words[value] }))
}

/** Each language names itself, so that whoever is lost finds back. */
export function languageOptions({ settings, languageNames }: Texts): Option<Preferences['language']>[] {
  return LANGUAGES.map((value) =>
    value === 'system' ? { value, words: settings.asSystem } : { value, words: languageNames[value], lang: value }
  )
}
