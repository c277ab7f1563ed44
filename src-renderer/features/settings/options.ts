// What can be chosen in settings, in words. Pure.
import { CONTRASTS, DENSITIES, ENTER_SENDS, LANGUAGES, THEMES } from '../../platform/preferences.ts'
import type { Preferences } from '../../platform/preferences.ts'
import type { Texts } from '../../texts/texts.ts'

type Option<Value> = { value: Value; words: string; lang?: string }

export function themeOptions({ settings }: Texts): Option<Preferences['theme']>[] {
  const words = { system: settings.asSystem, light: settings.light, dark: settings.dark }
  return THEMES.map((value) => ({ value, words: words[value] }))
}

export function densityOptions({ settings }: Texts): Option<Preferences['density']>[] {
  const words = { comfortable: settings.comfortable, compact: settings.compact }
  return DENSITIES.map((value) => ({ value, words: words[value] }))
}

export function contrastOptions({ settings }: Texts): Option<Preferences['contrast']>[] {
  const words = { system: settings.asSystem, more: settings.moreContrast }
  return CONTRASTS.map((value) => ({ value, words: words[value] }))
}

/** What Enter alone does; with Shift it does the other. */
export function enterOptions({ settings }: Texts): Option<Preferences['enterSends']>[] {
  const words = { enter: settings.enterSends, 'shift-enter': settings.enterBreaks }
  return ENTER_SENDS.map((value) => ({ value, words: words[value] }))
}

/** Each language names itself, so that whoever is lost finds back. */
export function languageOptions({ settings, languageNames }: Texts): Option<Preferences['language']>[] {
  return LANGUAGES.map((value) =>
    value === 'system' ? { value, words: settings.asSystem } : { value, words: languageNames[value], lang: value }
  )
}
