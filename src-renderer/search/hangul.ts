// Finds what somebody means while they are still typing it: by syllables, by initial consonants (초성), in any script. Pure: knows no list and no
// screen. For names of people, rooms and emoji; not for the words of messages.

/** How well a text fits, best first. */
export const RANK = { exact: 0, start: 1, wordStart: 2, inside: 3, scattered: 4 } as const
export type Rank = (typeof RANK)[keyof typeof RANK]

const FIRST_SYLLABLE = 0xac00
const LAST_SYLLABLE = 0xd7a3
const VOWELS = 21
const FINALS = 28

/** As they are typed, in the order of Unicode's syllables. */
const INITIALS = Array.from('ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ')
const FINAL_JAMO = ['', ...Array.from('ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ')]
const MEDIALS = Array.from('ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ')

/** Two consonants in a row are one sign to an input method. */
const PAIRS: Readonly<Record<string, string>> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ'
}
/** Vowels that others begin with. */
const GROWS_TO: Readonly<Record<string, string>> = { ㅗ: 'ㅘㅙㅚ', ㅜ: 'ㅝㅞㅟ', ㅡ: 'ㅢ' }

interface Syllable {
  initial: string
  medial: string
  /** '' for none. */
  final: string
}

function syllableOf(sign: string): Syllable | null {
  const code = sign.codePointAt(0) ?? 0
  if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return null
  const index = code - FIRST_SYLLABLE
  return {
    initial: INITIALS[Math.floor(index / (VOWELS * FINALS))] ?? '',
    medial: MEDIALS[Math.floor(index / FINALS) % VOWELS] ?? '',
    final: FINAL_JAMO[index % FINALS] ?? ''
  }
}

/** Initials of the old encoding of single signs (U+1100…) as they are typed. */
const CONJOINING_INITIAL = 0x1100

/** A text as it is compared: composed, in lower case, single consonants as they are typed. For who compares it often. */
export type Signs = readonly string[]

export function signsOf(text: string): Signs {
  return Array.from(text.normalize('NFC').toLowerCase(), (sign) => {
    const initial = INITIALS[(sign.codePointAt(0) ?? 0) - CONJOINING_INITIAL]
    return initial ?? sign
  })
}

/** A question as `rankOf` takes it. Blank: null. */
export interface Sought {
  signs: readonly string[]
}

export function seek(query: string): Sought | null {
  const signs = signsOf(query.trim()).flatMap((sign) => Array.from(PAIRS[sign] ?? sign))
  return signs.length === 0 ? null : { signs }
}

/** The initials of a text, for who wants to see them: 김민수 → ㄱㅁㅅ. Other signs stay. */
export function initialsOf(text: string): string {
  return signsOf(text)
    .map((sign) => syllableOf(sign)?.initial ?? sign)
    .join('')
}

/** @param last whether more of the query may still come: then a syllable stands for all that it may become */
function fits(sign: string, next: string | undefined, wanted: string, last: boolean): boolean {
  if (sign === wanted) return true
  const here = syllableOf(sign)
  if (!here) return false
  if (here.initial === wanted) return true
  const asked = last ? syllableOf(wanted) : null
  if (!asked || asked.initial !== here.initial) return false
  if (asked.final === '') {
    return here.medial === asked.medial || (GROWS_TO[asked.medial] ?? '').includes(here.medial)
  }
  if (here.medial !== asked.medial) return false
  const [first = '', second] = PAIRS[asked.final] ?? asked.final
  // The final consonant may become the next syllable's first one: 간 on the way to 가나.
  const following = next === undefined ? '' : (syllableOf(next)?.initial ?? next)
  if (second !== undefined) return here.final === first && following === second
  return here.final === '' ? following === first : (PAIRS[here.final] ?? '').startsWith(first)
}

function fitsAt(signs: readonly string[], at: number, wanted: readonly string[]): boolean {
  return wanted.every((each, index) => {
    const sign = signs[at + index]
    return sign !== undefined && fits(sign, signs[at + index + 1], each, index === wanted.length - 1)
  })
}

const WORD_SIGN = /[\p{L}\p{N}]/u

/**
 * How well `text` fits what is sought, or null. Spaces need not be typed.
 * @param scattered whether the signs may also stand apart, in order: `fmy` for "family"
 */
export function rankOf(text: string | Signs, sought: Sought, { scattered = false } = {}): Rank | null {
  const signs = typeof text === 'string' ? signsOf(text) : text
  return rankIn(signs, sought.signs) ?? rankDense(signs, sought.signs) ?? apart(signs, sought, scattered)
}

function rankIn(signs: readonly string[], wanted: readonly string[]): Rank | null {
  if (wanted.length === 0) return null
  let best: Rank | null = null
  for (let at = 0; at + wanted.length <= signs.length; at++) {
    if (!fitsAt(signs, at, wanted)) continue
    if (at === 0) return signs.length === wanted.length && signs.join('') === wanted.join('') ? RANK.exact : RANK.start
    if (!WORD_SIGN.test(signs[at - 1] ?? '')) return RANK.wordStart
    best ??= RANK.inside
  }
  return best
}

function rankDense(signs: readonly string[], wanted: readonly string[]): Rank | null {
  const [denseSigns, denseWanted] = [dense(signs), dense(wanted)]
  const spaced = denseSigns.length < signs.length || denseWanted.length < wanted.length
  return spaced ? rankIn(denseSigns, denseWanted) : null
}

const dense = (signs: readonly string[]): readonly string[] => signs.filter((sign) => sign.trim() !== '')

function apart(signs: readonly string[], sought: Sought, scattered: boolean): Rank | null {
  if (!scattered) return null
  const wanted = dense(sought.signs)
  let found = 0
  for (const sign of signs) {
    const next = wanted[found]
    if (next !== undefined && fits(sign, undefined, next, false)) found++
  }
  return found === wanted.length ? RANK.scattered : null
}

/** The best of several texts of one thing: names, nicknames, words about it. Earlier ones win nothing. */
export function bestRank(
  texts: readonly (string | Signs)[],
  sought: Sought,
  options?: { scattered?: boolean }
): Rank | null {
  let best: Rank | null = null
  for (const text of texts) {
    const rank = rankOf(text, sought, options)
    if (rank !== null && (best === null || rank < best)) best = rank
  }
  return best
}
