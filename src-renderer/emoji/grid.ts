// The picker's rows: headings and rows of emoji, and where the arrow keys lead in them. Pure.
import type { Emoji } from './emoji-index.ts'

export interface EmojiSection {
  title: string
  emoji: readonly Emoji[]
}

export type GridRow =
  | { kind: 'title'; title: string; section: number }
  /** `first`: the number of its first emoji in all of them. */
  | { kind: 'emoji'; emoji: readonly Emoji[]; first: number }

export function gridRows(sections: readonly EmojiSection[], columns: number): GridRow[] {
  const rows: GridRow[] = []
  let first = 0
  for (const [section, { title, emoji }] of sections.entries()) {
    if (title !== '') rows.push({ kind: 'title', title, section })
    for (let at = 0; at < emoji.length; at += columns) {
      const part = emoji.slice(at, at + columns)
      rows.push({ kind: 'emoji', emoji: part, first })
      first += part.length
    }
  }
  return rows
}

/** Where a key leads from the emoji of that number; undefined when it is no key of the grid. */
export function stepInGrid(rows: readonly GridRow[], from: number, key: string): number | undefined {
  const lines = rows.filter((row) => row.kind === 'emoji')
  const last = lines.at(-1)
  if (!last) return undefined
  const end = last.first + last.emoji.length - 1
  const line = lines.findIndex(({ first, emoji }) => from >= first && from < first + emoji.length)
  const here = lines[line]
  if (!here) return 0
  const inLine = (to: (typeof lines)[number] | undefined) =>
    to ? to.first + Math.min(from - here.first, to.emoji.length - 1) : from
  switch (key) {
    case 'ArrowRight':
      return Math.min(from + 1, end)
    case 'ArrowLeft':
      return Math.max(from - 1, 0)
    case 'ArrowDown':
      return inLine(lines[line + 1])
    case 'ArrowUp':
      return inLine(lines[line - 1])
    case 'PageDown':
      return inLine(lines[Math.min(line + PAGE_LINES, lines.length - 1)])
    case 'PageUp':
      return inLine(lines[Math.max(line - PAGE_LINES, 0)])
    default:
      return undefined
  }
}

const PAGE_LINES = 6

/** The row that holds the emoji of that number; -1 for none. */
export function rowOf(rows: readonly GridRow[], number: number): number {
  return rows.findIndex((row) => row.kind === 'emoji' && number >= row.first && number < row.first + row.emoji.length)
}
