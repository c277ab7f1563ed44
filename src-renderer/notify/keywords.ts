// Whether a text holds a word that the person wants to hear of. Pure.

/** What stands beside the ends of a word only in writing with spaces between words. */
const SPACED_LETTER =
  /^(?!\p{Script=Hangul}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{N}\p{M}_]$/u

/** The one form in which texts are compared: letters composed, full-width ones as half-width ones, no capitals. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFC').replace(/\s+/gu, ' ')
}

/**
 * Whether one of the words stands in the text, in whatever case, width or composition. Words of alphabets must stand by themselves ("art" is not in
 * "party"); Hangul may go on ("회의" is in "회의가", and "maru" in "Maru는").
 *
 * @param keywords as `folded` gives them
 */
export function holdsKeyword(text: string, keywords: readonly string[]): boolean {
  if (keywords.length === 0) return false
  const searched = folded(text)
  return keywords.some((keyword) => holds(searched, keyword))
}

function holds(text: string, keyword: string): boolean {
  if (keyword === '') return false
  for (let at = text.indexOf(keyword); at !== -1; at = text.indexOf(keyword, at + 1)) {
    const before = isSpaced(firstOf(keyword)) && isSpaced(lastOf(text.slice(0, at)))
    const after = isSpaced(lastOf(keyword)) && isSpaced(firstOf(text.slice(at + keyword.length)))
    if (!before && !after) return true
  }
  return false
}

function isSpaced(character: string): boolean {
  return SPACED_LETTER.test(character)
}

function firstOf(text: string): string {
  const point = text.codePointAt(0)
  return point === undefined ? '' : String.fromCodePoint(point)
}

function lastOf(text: string): string {
  return firstOf(/[\uD800-\uDBFF][\uDC00-\uDFFF]$/.exec(text)?.[0] ?? text.slice(-1))
}
