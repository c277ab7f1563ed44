// Whether words are checked while they are written, and in which languages: the system's. Off, nothing is fetched for it either.
import type { Session } from 'electron'
import type { Settings } from './settings.ts'

export interface SpellingOptions {
  session: Session
  settings: Pick<Settings, 'watch'>
  platform: NodeJS.Platform
  /** The system's, most wanted first (BCP 47). */
  languages: readonly string[]
}

/** To be called before the first page is opened: Chromium fetches dictionaries for whatever languages are set then. Returns its end. */
export function startSpelling({ session, settings, platform, languages }: SpellingOptions): () => void {
  let current: boolean | undefined
  return settings.watch(({ spelling }) => {
    if (spelling === current) return
    current = spelling
    // macOS checks words itself, and knows in which language.
    const own = platform === 'darwin'
    const wanted = spelling && !own ? dictionariesFor(languages, session.availableSpellCheckerLanguages) : []
    if (!own) session.setSpellCheckerLanguages(wanted)
    session.setSpellCheckerEnabled(spelling && (own || wanted.length > 0))
  })
}

/** Those of the available dictionaries that somebody with these languages wants: the same one, else that of the language alone. */
export function dictionariesFor(languages: readonly string[], available: readonly string[]): string[] {
  const found = languages.flatMap((language) => {
    const same = available.find((each) => each.toLowerCase() === language.toLowerCase())
    const wide = language.toLowerCase().split('-')[0]
    const one = same ?? available.find((each) => each.toLowerCase() === wide)
    return one === undefined ? [] : [one]
  })
  return [...new Set(found)]
}
