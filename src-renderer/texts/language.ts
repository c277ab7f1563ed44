// Which language the screen speaks. Must import nothing: it is asked before anything else is loaded.

export type Language = 'ko' | 'en'

/** The first of the person's languages (BCP 47 tags, in their order) that there is a catalogue for, else English. */
export function languageFor(languages: readonly string[]): Language {
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0]
    if (primary === 'ko' || primary === 'en') return primary
  }
  return 'en'
}
