// The marks that messages know, as a grammar for the parser: a small part of Markdown, with what chats and Korean need bent. No HTML, no
// pictures, no headings; what is not understood stays as it was typed.
import { parser } from '@lezer/markdown'
import type { DelimiterType, InlineContext } from '@lezer/markdown'
import { linkAt } from '../message-parts.ts'

const STRONG: DelimiterType = { resolve: 'StrongEmphasis', mark: 'EmphasisMark' }
const STAR: DelimiterType = { resolve: 'Emphasis', mark: 'EmphasisMark' }
const LINE: DelimiterType = { resolve: 'Emphasis', mark: 'EmphasisMark' }
const STRIKE: DelimiterType = { resolve: 'Strikethrough', mark: 'EmphasisMark' }

const [STAR_CODE, LINE_CODE, TILDE_CODE, BACKSLASH] = [0x2a, 0x5f, 0x7e, 0x5c]
const PUNCTUATION = /[\p{P}\p{S}]/u
/** Scripts that put no space between a word and what is attached to it: "**굵게**는". */
const CJK = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const WORD = /[A-Za-z0-9]/
const ESCAPED = /[*~`[]/

interface Sides {
  before: string
  after: string
  /** CommonMark's flanking, with particles: a sign between punctuation and a CJK letter belongs to the punctuation. */
  left: boolean
  right: boolean
}

function sidesOf(cx: InlineContext, from: number, to: number): Sides {
  const before = charBefore(cx, from)
  const after = to >= cx.end ? '' : String.fromCodePoint(cx.slice(to, to + 2).codePointAt(0) ?? 0x20)
  const [spaceBefore, spaceAfter] = [before.trim() === '', after.trim() === '']
  const [signBefore, signAfter] = [PUNCTUATION.test(before), PUNCTUATION.test(after)]
  return {
    before,
    after,
    left: !spaceAfter && (!signAfter || spaceBefore || signBefore || CJK.test(before)),
    right: !spaceBefore && (!signBefore || spaceAfter || signAfter || CJK.test(after))
  }
}

/** The whole character before a place, '' at the beginning. */
function charBefore(cx: InlineContext, at: number): string {
  if (at <= cx.offset) return ''
  const pair = cx.slice(Math.max(cx.offset, at - 2), at)
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair) ? pair : pair.slice(-1)
}

function runEnd(cx: InlineContext, next: number, from: number): number {
  let to = from + 1
  while (cx.char(to) === next) to++
  return to
}

/** `*` and `**`; `***` is both. */
function stars(cx: InlineContext, next: number, from: number): number {
  if (next !== STAR_CODE) return -1
  const to = runEnd(cx, next, from)
  const size = to - from
  const { before, after, left, right } = sidesOf(cx, from, to)
  // 2*3*4 and 2**8 are sums.
  const within = size === 1 ? WORD.test(before) && WORD.test(after) : /\d/.test(before) && /\d/.test(after)
  if (size > 3 || within) return to
  if (size === 1) return cx.addDelimiter(STAR, from, to, left, right)
  if (size === 2) return cx.addDelimiter(STRONG, from, to, left, right)
  if (right) {
    cx.addDelimiter(STAR, from, from + 1, left, right)
    return cx.addDelimiter(STRONG, from + 1, to, left, right)
  }
  cx.addDelimiter(STRONG, from, from + 2, left, right)
  return cx.addDelimiter(STAR, from + 2, to, left, right)
}

/** `_`, only around whole words: names_with_lines and faces like ^_^ stay. `__init__` stays too. */
function underscores(cx: InlineContext, next: number, from: number): number {
  if (next !== LINE_CODE) return -1
  const to = runEnd(cx, next, from)
  const { before, after } = sidesOf(cx, from, to)
  if (to - from > 1) return to
  const opens = /^(?:\s|[("'“‘[{*~]|)$/u.test(before) && after.trim() !== ''
  const closes = before.trim() !== '' && (/^(?:\s|[.,;:!?)"'”’\]}*~…]|)$/u.test(after) || CJK.test(after))
  return cx.addDelimiter(LINE, from, to, opens, closes)
}

/** `~~`, only from the beginning of a word: "네~~ 감사합니다~~" is how people sound. */
function tildes(cx: InlineContext, next: number, from: number): number {
  if (next !== TILDE_CODE) return -1
  const to = runEnd(cx, next, from)
  const { before, after } = sidesOf(cx, from, to)
  if (to - from !== 2) return to
  const opens = /^(?:\s|[("'“‘[{*_]|)$/u.test(before) && after.trim() !== ''
  return cx.addDelimiter(STRIKE, from, to, opens, before.trim() !== '')
}

/** A sign behind a backslash is only that sign. Drives (C:\*) and shrugs (¯\_(ツ)_/¯) keep their backslash. */
function escapes(cx: InlineContext, next: number, from: number): number {
  if (next !== BACKSLASH || from + 1 >= cx.end) return -1
  const sign = cx.slice(from + 1, from + 2)
  if (sign === '_' || sign === '\\') return from + 2
  if (!ESCAPED.test(sign) || /[:\\]/.test(charBefore(cx, from))) return -1
  return cx.addElement(cx.elt('Escape', from, from + 2))
}

/** Addresses as they are written; what looks like a mark in them is part of them. */
function addresses(cx: InlineContext, _next: number, from: number): number {
  const link = linkAt(cx.text, from - cx.offset)
  return link === null ? -1 : cx.addElement(cx.elt('Address', from, from + link.length))
}

/** Lists by lines, everything else within lines. */
export const grammar = parser.configure({
  remove: [
    'LinkReference',
    'IndentedCode',
    'FencedCode',
    'Blockquote',
    'HorizontalRule',
    'ATXHeading',
    'HTMLBlock',
    'SetextHeading',
    'Entity',
    'HTMLTag',
    'HardBreak'
  ],
  defineNodes: ['Address', 'Strikethrough'],
  parseInline: [
    { name: 'Escape', parse: escapes },
    { name: 'Emphasis', parse: stars },
    { name: 'Underscores', parse: underscores, after: 'Emphasis' },
    { name: 'Tildes', parse: tildes, after: 'Emphasis' },
    { name: 'Addresses', parse: addresses, before: 'Escape' }
  ]
})

/** What looks like a list and is none. */
export const grammarWithoutLists = grammar.configure({ remove: ['BulletList', 'OrderedList'] })
