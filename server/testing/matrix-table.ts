// SPEC §3.1 as it stands in the document, read for the matrix test: who may do what in which kind of room.
import { readFileSync } from 'node:fs'
import type { MemberRole, RoomKind } from '../../protocol/records.ts'

const KINDS = ['group', 'open', 'direct', 'notes', 'aside'] as const satisfies readonly RoomKind[]

/** The acts of the table, each by the beginning of its row. */
export const ROWS = {
  read: 'read;',
  write: 'write (',
  aside: '`message.send` with `to`',
  shape: 'shape (',
  writers: '`writers`',
  add: 'add',
  remove: 'remove,',
  rule: '`member.role`,',
  leave: 'leave',
  join: 'join',
  delete: '`message.delete`'
} as const
export type Row = keyof typeof ROWS

/** Somebody joined in a room, as far as the table asks. */
export interface Joined {
  role: MemberRole
  /** Whether the room, or an aside's parent, is one where owner and admins alone write. */
  adminsWrite: boolean
  /** Of an aside: the role in the parent. */
  parentRole: MemberRole | undefined
  /** Who is to be removed or banned. */
  targetRole: MemberRole | undefined
}

type Rule = (joined: Joined) => boolean

/** What the document's phrases mean. */
const PHRASES: Record<string, Rule> = {
  joined: () => true,
  'joined; with `writers: admins` owner and admins': ({ role, adminsWrite }) => !adminsWrite || role !== 'member',
  'owner, admin': ({ role }) => role !== 'member',
  owner: ({ role }) => role === 'owner',
  'owner anybody else; admin members': ({ role, targetRole = 'member' }) =>
    role === 'owner' || (role === 'admin' && targetRole === 'member'),
  'who may write in the parent, S11.5': ({ parentRole, adminsWrite }) => !adminsWrite || parentRole !== 'member',
  'S11.5': () => true,
  'any user': () => true
}

/** row → kind → the rule; `nobody` where the document has a dash. */
export type Table = Record<Row, Record<RoomKind, Rule | 'nobody'>>

/** @throws Error if the document has a phrase that is not known here, or lacks a row */
export function readTable(): Table {
  const spec = readFileSync(new URL('../../protocol/SPEC.md', import.meta.url), 'utf8')
  const section = spec.slice(spec.indexOf('### 3.1 '), spec.indexOf('## 4. '))
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  const rows = new Map(
    lines
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      )
      .map(([act = '', ...cells]) => [act, cells])
  )

  const cellsOf = (row: Row): string[] => {
    const found = [...rows].find(([act]) => act.startsWith(ROWS[row]))
    if (found?.[1].length !== KINDS.length) throw new Error(`SPEC §3.1 has no row that begins with ${ROWS[row]}`)
    return found[1]
  }
  const ruleOf = (row: Row, column: number): Rule | 'nobody' => {
    const cells = cellsOf(row)
    const cell = cells[column] ?? ''
    if (cell === '–') return 'nobody'
    if (cell === 'as group') return ruleOf(row, 0)
    if (cell === 'as write') return ruleOf('write', column)
    const rule = PHRASES[cell]
    if (!rule) throw new Error(`SPEC §3.1 has a phrase that this test does not know: ${cell}`)
    return rule
  }
  const entries = (Object.keys(ROWS) as Row[]).map((row) => {
    return [row, Object.fromEntries(KINDS.map((kind, column) => [kind, ruleOf(row, column)]))]
  })
  return Object.fromEntries(entries) as Table
}
