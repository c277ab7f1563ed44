import { describe, expect, it } from 'vitest'
import { ERROR_STATUS } from '../../protocol/errors.ts'
import { en as enCatalogue } from '../texts/en.ts'
import { errorSentence } from '../texts/errors.ts'
import { hostingTextsEn } from '../texts/hosting-texts.en.ts'
import { hostingTextsKo } from '../texts/hosting-texts.ko.ts'
import { ko as koCatalogue } from '../texts/ko.ts'
import { textsFor } from '../texts/catalogue.ts'
import { languageFor } from '../texts/language.ts'
import './load-texts.ts'

/** With what is loaded later. */
const en = { ...enCatalogue, ...hostingTextsEn }
const ko = { ...koCatalogue, ...hostingTextsKo }

const sources = import.meta.glob<string>(['../*.tsx', '../features/**/*.tsx', '../ui/**/*.tsx', '!../**/*.test.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true
})

/** Everything that may use a catalogue. */
const users = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '!../**/*.{test,contract}.{ts,tsx}', '!../**/testing/**', '!../texts/{texts,en,ko}.ts'],
  { query: '?raw', import: 'default', eager: true }
)

const withoutComments = (source: string) =>
  source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')

const LITERALS = [
  /** Text right before a closing tag. */
  />\s*([^<>{}()=;]*[\p{L}][^<>{}()=;]*?)\s*<\//gu,
  /** An attribute that people see or hear. */
  /\b(?:aria-label|title|placeholder|alt|label|hint)="([^"]*\p{L}[^"]*)"/gu,
  /** Hangul anywhere, but for the ranges that expressions name. */
  /([가-힣]{2,})/gu
]

/** Words that people would see, written in a component. */
function wordsIn(source: string): string[] {
  return LITERALS.flatMap((pattern) => [...withoutComments(source).matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** The paths of all words of a catalogue: `rooms.title`. */
function pathsOf(words: object, above: readonly string[] = []): string[][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const path = [...above, name]
    return typeof value === 'object' && value !== null ? pathsOf(value, path) : [path]
  })
}

/** Words that are picked by a value: whoever uses one of them may use all. */
const PICKED = [
  'errors',
  'colors',
  'languageNames',
  'emoji.groups',
  'emoji.tones',
  'hosting.problems',
  'shortcuts.groups',
  'shortcuts.of',
  'dates',
  'notifySettings.state',
  'connection.waiting',
  'live.states',
  'privacy.availabilities',
  'privacy.availabilityText',
  'connection.ended',
  'admin.sections',
  'admin.registrationWords',
  'admin.kind',
  'admin.acts',
  'picture.problems',
  'shell.spellingText',
  'shell.problems',
  'openedLink.to',
  'updates.failed'
]

/** Whether a source reads the word: from its section, or taken out of it. */
function isUsed(path: readonly string[], source: string): boolean {
  const [name, section = 'texts'] = path.toReversed()
  // The sentences of system lines go by a shorter name where they are used, and a section by that of `words` where it says so.
  const sections = section === 'system' || source.includes(`${section}: words`) ? `${section}|words` : section
  const owner = section === 'texts' ? String.raw`(texts|useTexts\(\))` : String.raw`[\w.()]*\b(${sections})`
  const read = new RegExp(String.raw`\b(${sections})\s*\.${name}\b`)
  const taken = new RegExp(String.raw`\{[^{}]*\b${name}\b[^{}]*\}(: Texts)?\)?\s*(=|:)?\s*${owner}?`)
  return read.test(source) || (section === 'texts' && taken.test(source) && source.includes('useTexts'))
}

describe('the catalogues', () => {
  it('hold every word that is seen: components write none themselves', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(20)
    const found = Object.entries(sources).flatMap(([path, source]) =>
      wordsIn(source).map((words) => `${path}: ${words}`)
    )
    expect(found).toEqual([])
  })

  it('hold the words of every other file too: no Hangul and no sentence stands elsewhere', () => {
    const SENTENCE = /'[A-Z][a-z]+ [^'\n]*[.!?]'|[가-힣]{2,}/g
    const found = Object.entries(users)
      .filter(([path]) => !path.startsWith('../texts/'))
      .flatMap(([path, source]) => (withoutComments(source).match(SENTENCE) ?? []).map((words) => `${path}: ${words}`))
    expect(found).toEqual([])
  })

  it('hold no word that nobody says', () => {
    const all = Object.values(users).map(withoutComments)
    const paths = pathsOf(en).filter((path) => !PICKED.some((picked) => path.join('.').startsWith(picked)))
    expect(paths.length).toBeGreaterThan(120)
    expect(paths.filter((path) => !all.some((source) => isUsed(path, source))).map((path) => path.join('.'))).toEqual(
      []
    )
    expect(all.some((source) => isUsed(['rooms', 'nobodySaysThis'], source))).toBe(false)
  })

  it('have the same words in both languages', () => {
    const joined = (words: object) =>
      pathsOf(words)
        .map((path) => path.join('.'))
        .toSorted()
    expect(joined(ko)).toEqual(joined(en))
  })

  it('the search for words finds some where there are some', () => {
    expect(wordsIn('<p>Hello there</p>')).toEqual(['Hello there'])
    expect(wordsIn('<input placeholder="Name" />')).toEqual(['Name'])
    expect(wordsIn("const text = '안녕'")).toEqual(['안녕'])
    expect(wordsIn('// 안녕 <p>Hello</p>\n<p className="a">{texts.a}</p>')).toEqual([])
  })

  it('word every error code, each with a sentence of its own', () => {
    const shell = [
      'name-not-found',
      'refused',
      'certificate',
      'certificate-changed',
      'restart-needed',
      'already-signed-in'
    ]
    const before = ['relay-unreachable', 'not-a-relay', 'offline', ...shell]
    const codes = [...Object.keys(ERROR_STATUS), ...before]
    for (const texts of [ko, en]) {
      expect(Object.keys(texts.errors).toSorted()).toEqual(codes.toSorted())
      expect(new Set(Object.values(texts.errors)).size).toBe(codes.length)
      for (const code of codes) expect(errorSentence(texts, { code })).toMatch(/[.!]$/)
    }
  })

  it('word errors without a code, and of codes that only a newer relay knows', () => {
    expect(errorSentence(en, new TypeError('x'))).toBe(en.errors['relay-error'])
    expect(errorSentence(en, { code: 'toString' })).toContain('toString')
  })

  it('are chosen by the first language of the person that there is a catalogue for', () => {
    expect(languageFor(['ko-KR', 'en'])).toBe('ko')
    expect(languageFor(['fr', 'ko'])).toBe('ko')
    expect(languageFor(['en-GB', 'ko'])).toBe('en')
    expect(languageFor(['fr'])).toBe('en')
    expect(languageFor([])).toBe('en')
    expect(textsFor(['ko-KR', 'en'])).toBe(koCatalogue)
    expect(textsFor(['fr'])).toBe(enCatalogue)
  })

  it('tell dates as each language does', () => {
    const at = new Date(2026, 1, 10, 15, 5).toISOString()
    expect(ko.dates.day(at)).toBe('2026년 2월 10일 화요일')
    expect(ko.dates.time(at)).toBe('오후 3:05')
    expect(en.dates.day(at)).toBe('Tuesday, February 10, 2026')
    const noon = (day: number) => new Date(2026, 1, day, 12, 0).getTime()
    expect(ko.dates.short(at, noon(10))).toBe('오후 3:05')
    expect(ko.dates.short(at, noon(11))).toBe('어제')
    expect(ko.dates.short(at, noon(20))).toBe('2월 10일')
    expect(en.dates.short(new Date(2024, 1, 10).toISOString(), noon(20))).toBe('2/10/2024')
    expect(ko.dates.span(2 * 3_600_000 + 5)).toBe('2시간')
    expect(en.dates.span(60_000)).toBe('1 minute')
    expect(ko.dates.time('nonsense')).toBe('')
  })
})
