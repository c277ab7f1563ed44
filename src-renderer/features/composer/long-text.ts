// Divides a text that is too long for one message where people would: between paragraphs, lines, sentences, words. A block of code that has to be
// divided is closed and opened again. Pure.
import { codeBlocks } from './fences.ts'
import type { CodeBlock } from './fences.ts'

/** Where a text may be divided, the best first: each match ends where the next message begins. */
const BREAKS = [/\n\s*\n/gu, /\n/gu, /[.!?…。！？]["'”’)\]]*\s+/gu, /\s+/gu]

/** A piece is at least this much of what a message may hold, if a worse place is the price. */
const WORTH = 0.5

/** Longer than any sign that people see as one. */
const LONGEST_SIGN = 64

const CLOSING = '\n```'
/** With less room than this fences are signs like any other. */
const ROOM_FOR_FENCES = 100

/**
 * The pieces in order, each at most `max` code units, none blank. Between them only the white space where the text was divided is gone: no other
 * sign is lost, doubled, or torn apart. Only fences come to it: those around each part of a block of code that was divided.
 */
export function splitText(text: string, max: number): string[] {
  const whole = text.trim()
  const blocks = max < ROOM_FOR_FENCES ? [] : codeBlocks(whole)
  const pieces: string[] = []
  let from = 0
  /** Opens again the block in which the last piece ended. */
  let opening = ''
  while (opening.length + whole.length - from > max) {
    const cut = nextCut(whole, from, max - opening.length, blocks)
    pieces.push(opening + whole.slice(from, cut.to).trimEnd() + (cut.within ? CLOSING : ''))
    opening = cut.within && !cut.ends ? `${cut.within.opening}\n` : ''
    from = cut.next
  }
  const rest = opening + whole.slice(from)
  return rest === '' ? pieces : [...pieces, rest]
}

interface Cut {
  /** Where the piece ends, and the next one begins. */
  to: number
  next: number
  /** The block that it divides. */
  within?: CodeBlock
  /** Nothing is left of that block. */
  ends?: boolean
}

function nextCut(text: string, from: number, max: number, blocks: readonly CodeBlock[]): Cut {
  const at = from + divideAt(text.slice(from, from + max + LONGEST_SIGN), max)
  const within = blocks.find((block) => block.from < at && at < block.to)
  if (!within) return { to: at, next: skipSpace(text, at) }
  if (within.from - from >= max * WORTH) return { to: within.from, next: within.from }
  const room = from + max - CLOSING.length
  const line = text.lastIndexOf('\n', Math.min(room, within.codeTo))
  const byLine = line > Math.max(from, within.codeFrom)
  const to = byLine ? line : from + signEnd(text.slice(from, room + LONGEST_SIGN), room - from)
  const next = byLine ? line + 1 : to
  const ends = text.slice(next, within.codeTo).trim() === ''
  return { to, next: ends ? skipSpace(text, within.to) : next, within, ends }
}

function skipSpace(text: string, at: number): number {
  return text.length - text.slice(at).trimStart().length
}

/** @param text long enough, and not much longer */
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
