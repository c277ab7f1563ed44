// Divides a text that is too long for one message where people would: between paragraphs, lines, sentences, words. Pure.

/** Where a text may be divided, the best first: each match ends where the next message begins. */
const BREAKS = [/\n\s*\n/gu, /\n/gu, /[.!?…。！？]["'”’)\]]*\s+/gu, /\s+/gu]

/** A piece is at least this much of what a message may hold, if a worse place is the price. */
const WORTH = 0.5

/** Longer than any sign that people see as one. */
const LONGEST_SIGN = 64

/**
 * The pieces in order, each at most `max` code units, none blank. Between them only the white space where the text was divided is gone: no other
 * sign is lost, doubled, or torn apart.
 */
export function splitText(text: string, max: number): string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > max) {
    const at = divideAt(rest, max)
    pieces.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  return rest === '' ? pieces : [...pieces, rest]
}

function divideAt(text: string, max: number): number {
  const head = text.slice(0, max + 1)
  for (const pattern of BREAKS) {
    let last = 0
    for (const match of head.matchAll(pattern)) {
      // What is before the white space must fit; the white space goes.
      if (match.index + match[0].trimEnd().length <= max) last = match.index + Math.max(match[0].trimEnd().length, 0)
    }
    if (last >= max * WORTH) return last
  }
  return signEnd(text, max)
}

/** The end of the last sign that fits whole; a sign that is longer than a message is divided between code points. */
function signEnd(text: string, max: number): number {
  const from = Math.max(0, max - LONGEST_SIGN)
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let end = 0
  for (const { index, segment } of graphemes.segment(text.slice(from, max + LONGEST_SIGN))) {
    if (from + index + segment.length > max) break
    end = from + index + segment.length
  }
  if (end > from) return end
  return isPairAt(text, max) ? max - 1 : max
}

function isPairAt(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1))
}
