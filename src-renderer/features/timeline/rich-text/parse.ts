// Reads the marks of a message's text. The only file that walks the parser's tree; loaded when the first message with a mark is drawn.
import { isSafeLink } from '../message-parts.ts'
import type { Block, Inline, ListItem } from './body.ts'
import { grammar, grammarWithoutLists } from './grammar.ts'
import { partsOf } from './lines.ts'

type Node = ReturnType<typeof grammar.parse>['topNode']

/** More signs than this are no text: it is shown as it was typed, so that nothing hostile takes long. */
export const MAX_MARKS = 2_000
/** Quotes in quotes and lists in lists; deeper ones are shown as they were typed. */
export const MAX_DEPTH = 6
/** Years and larger numbers before a point are no numbers of a list: "2026. 2. 10." is a date. */
const MAX_LIST_NUMBER = 99

/** The blocks of a text; null when it is to be shown as it is. Every word of it is in them, in order. */
export function parseBody(body: string): readonly Block[] | null {
  if (countMarks(body) > MAX_MARKS) return null
  return blocksOf(body.replace(/\r\n?/g, '\n'), 0)
}

function countMarks(body: string): number {
  let found = 0
  for (let at = 0; at < body.length && found <= MAX_MARKS; at++) if ('*_~`[]><'.includes(body.charAt(at))) found++
  return found
}

function blocksOf(text: string, depth: number): Block[] {
  return partsOf(text).flatMap((part): Block[] => {
    if (part.type === 'code') return [part]
    if (part.type === 'text' && LISTS_WITHIN_A_LINE.test(part.text))
      return linesOf(part.text, depth, grammarWithoutLists)
    if (part.type === 'text') return linesOf(withEndsOfLists(part.text), depth)
    // Nothing is quoted yet, or too deep.
    if (part.text.trim() === '' || depth >= MAX_DEPTH) return [asTyped(part.text.replace(/^/gm, '> '))]
    return [{ type: 'quote', blocks: blocksOf(part.text, depth + 1) }]
  })
}

function asTyped(text: string): Block {
  return { type: 'prose', children: [{ type: 'text', text }] }
}

/** "- - - - - - -" is drawn by nobody to be read, and would take the parser long. */
const LISTS_WITHIN_A_LINE = /^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]){7}/m
const LIST_LINE = /^[ \t]*(?:[-*]|\d{1,9}[.)])(?:[ \t]|$)/

/** Ends a list for the parser, and is no text: bodies have no carriage returns here. */
const LIST_END = '\r\n'

/** A line at the margin ends a list; documents would draw it into the last point. */
function withEndsOfLists(text: string): string {
  let inList = false
  return text.replace(/^.*$/gm, (line) => {
    const ends = inList && line.trim() !== '' && !/^[ \t]/.test(line) && !LIST_LINE.test(line)
    inList = LIST_LINE.test(line) || (inList && !ends)
    return ends ? LIST_END + line : line
  })
}

function linesOf(source: string, depth: number, lines = grammar): Block[] {
  const blocks: Block[] = []
  let prose: Inline[] = []
  let done = 0
  const text = (to: number): void => {
    if (to > done) prose.push({ type: 'text', text: source.slice(done, to) })
    done = Math.max(done, to)
  }
  const endProse = (): void => {
    const children = trimmed(merged(prose))
    if (children.length > 0) blocks.push({ type: 'prose', children })
    prose = []
  }
  for (let node = lines.parse(source).topNode.firstChild; node; node = node.nextSibling) {
    if (node.name === 'BulletList' || node.name === 'OrderedList') {
      const list = listOf(node, source, depth)
      text(lineStart(source, node.from))
      if (list) {
        endProse()
        blocks.push(list)
      } else {
        const [typed] = linesOf(source.slice(done, node.to), depth, grammarWithoutLists)
        if (typed?.type === 'prose') prose.push(...typed.children)
      }
      done = node.to
    } else if (node.name === 'Paragraph') {
      text(node.from)
      prose.push(...inlinesOf(node, source))
      done = node.to
    }
  }
  text(source.length)
  endProse()
  return blocks
}

function lineStart(source: string, at: number): number {
  return source.lastIndexOf('\n', at - 1) + 1
}

/** Null: it only looks like a list. */
function listOf(list: Node, source: string, depth: number): Block | null {
  if (depth >= MAX_DEPTH) return null
  const items: ListItem[] = []
  for (let item = list.firstChild; item; item = item.nextSibling) {
    const mark = item.firstChild
    if (item.name !== 'ListItem' || mark?.name !== 'ListMark') return null
    const sign = source.slice(mark.from, mark.to)
    const number = list.name === 'OrderedList' ? Number.parseInt(sign, 10) : undefined
    if (sign === '+' || (number !== undefined && number > MAX_LIST_NUMBER)) return null
    const blocks = blocksOfItem(mark, source, depth)
    if (blocks === null) return null
    items.push(number === undefined ? { blocks } : { number, blocks })
  }
  return items.some(({ blocks }) => blocks.length > 0) ? { type: 'list', items } : null
}

function blocksOfItem(mark: Node, source: string, depth: number): Block[] | null {
  const blocks: Block[] = []
  for (let node = mark.nextSibling; node; node = node.nextSibling) {
    if (node.name === 'Paragraph') {
      const children = trimmed(merged(withoutIndent(inlinesOf(node, source))))
      blocks.push({ type: 'prose', children })
      continue
    }
    // "- - x" and "10. 3. x" are no lists in lists.
    if (!source.slice(mark.to, node.from).includes('\n')) return null
    const inner = listOf(node, source, depth + 1)
    if (inner === null) return null
    blocks.push(inner)
  }
  return blocks
}

/** What stands before the lines of a list's point is its place, not its text. */
function withoutIndent(inlines: readonly Inline[]): Inline[] {
  return inlines.map((inline) => {
    if (inline.type === 'text') return { ...inline, text: inline.text.replace(/\n[ \t]+/g, '\n') }
    return 'children' in inline ? { ...inline, children: withoutIndent(inline.children) } : inline
  })
}

const STYLES: Readonly<Record<string, 'strong' | 'em' | 'strike'>> = {
  StrongEmphasis: 'strong',
  Emphasis: 'em',
  Strikethrough: 'strike'
}

/** What is in a node, but for the marks that make it. */
function inlinesOf(parent: Node, source: string, from = parent.from, to = parent.to): Inline[] {
  const inlines: Inline[] = []
  let done = from
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.from < done) continue
    if (node.from >= to) break
    if (node.from > done) inlines.push({ type: 'text', text: source.slice(done, node.from) })
    inlines.push(...inlineOf(node, source))
    done = node.to
  }
  if (to > done) inlines.push({ type: 'text', text: source.slice(done, to) })
  return inlines
}

function inlineOf(node: Node, source: string): Inline[] {
  const typed = source.slice(node.from, node.to)
  const style = STYLES[node.name]
  if (style) return [{ type: style, children: merged(inlinesOf(node, source)) }]
  switch (node.name) {
    case 'EmphasisMark':
      return []
    case 'Escape':
      return [{ type: 'text', text: typed.slice(1) }]
    case 'Address':
      return [{ type: 'link', href: typed, children: [{ type: 'text', text: typed }] }]
    case 'InlineCode':
      return [{ type: 'code', text: codeOf(typed) }]
    case 'Link':
      return linkOf(node, source)
    default:
      return [{ type: 'text', text: typed }]
  }
}

function codeOf(typed: string): string {
  const size = /^`+/.exec(typed)?.[0].length ?? 0
  const text = typed.slice(size, -size)
  // A space on both sides makes room for a backtick.
  return /^ .*[^ ].* $/s.test(text) && /^ `|` $/.test(text) ? text.slice(1, -1) : text
}

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/|^www\./i

/** `[words](address)`. Words that name another address than the one they lead to are a trap, and shown as they were typed. */
function linkOf(link: Node, source: string): Inline[] {
  const [open, close] = link.getChildren('LinkMark')
  const url = link.getChild('URL')
  if (open && close && url) {
    const href = source.slice(url.from, url.to).replace(/^<(.*)>$/s, '$1')
    const words = source.slice(open.to, close.from)
    const trap = ADDRESS.test(words.trim()) && words.trim() !== href
    if (words.trim() !== '' && !trap && isSafeLink(href)) {
      const children = merged(inlinesOf(link, source, open.to, close.from).map(withoutLinks))
      return [{ type: 'link', href, children }]
    }
  }
  return inlinesWithoutLink(link, source)
}

/** Not a link after all: its marks are text, what is written in it counts. */
function inlinesWithoutLink(link: Node, source: string): Inline[] {
  const [open, close] = link.getChildren('LinkMark')
  if (!open || !close) return [{ type: 'text', text: source.slice(link.from, link.to) }]
  return [
    { type: 'text', text: source.slice(open.from, open.to) },
    ...inlinesOf(link, source, open.to, close.from),
    { type: 'text', text: source.slice(close.from, link.to) }
  ]
}

function withoutLinks(inline: Inline): Inline {
  if (!('children' in inline)) return inline
  const children = inline.children.map(withoutLinks)
  return inline.type === 'link' ? { type: 'text', text: inline.href } : { ...inline, children }
}

function merged(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = []
  for (const inline of inlines) {
    const last = result.at(-1)
    if (inline.type !== 'text') result.push(inline)
    else if (last?.type === 'text') result[result.length - 1] = { type: 'text', text: last.text + inline.text }
    else result.push(inline)
  }
  return result.map((inline) =>
    inline.type === 'text' ? { type: 'text', text: inline.text.replaceAll(LIST_END, '') } : inline
  )
}

/** Without the line breaks at both ends: blocks stand apart anyhow. */
function trimmed(inlines: readonly Inline[]): Inline[] {
  const last = inlines.length - 1
  return inlines
    .map((inline, index) => {
      if (inline.type !== 'text') return inline
      let { text } = inline
      if (index === 0) text = text.replace(/^(?:[ \t]*\n)+/, '')
      if (index === last) text = text.trimEnd()
      return { ...inline, text }
    })
    .filter((inline) => inline.type !== 'text' || inline.text !== '')
}
