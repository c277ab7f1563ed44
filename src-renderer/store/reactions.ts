// Who has reacted to what: stored reactions and own ones that are on their way as one. Plain functions of rows and entries.
import { roomStream } from '../../protocol/streams.ts'
import { qualified } from '../emoji/qualified.ts'
import type { ReactionGroup } from './chat-store.ts'
import { isCovered, isOf } from './outbox-standing.ts'
import type { ReactionRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

interface Building {
  emoji: string
  /** User → when it was set: epoch and rev; own pending ones last. */
  users: Map<string, readonly [epoch: number, rev: number]>
  waiting: boolean
}

const PENDING = [Infinity, Infinity] as const

/**
 * By message id. Messages without reactions are not in it.
 * @param entries of this room, in the order of the outbox
 */
export function groupReactions(
  roomId: string,
  userId: string,
  rows: Iterable<ReactionRow>,
  entries: readonly OutboxEntry[]
): ReadonlyMap<string, readonly ReactionGroup[]> {
  const messages = new Map<string, Map<string, Building>>()
  const own = new Map<string, ReactionRow>()
  const groupOf = (messageId: string, emoji: string): Building => {
    const groups = messages.get(messageId) ?? new Map<string, Building>()
    messages.set(messageId, groups)
    const form = qualified(emoji)
    const group = groups.get(form) ?? { emoji: form, users: new Map(), waiting: false }
    groups.set(form, group)
    return group
  }

  for (const row of rows) {
    if (row.userId === userId) own.set(`${row.messageId} ${row.emoji}`, row)
    if (row.set) groupOf(row.messageId, row.emoji).users.set(row.userId, [row.epoch, row.rev])
  }
  const stream = roomStream(roomId)
  for (const entry of entries) {
    if (!isOf(entry, 'reaction.set') || entry.state === 'refused') continue
    const { messageId, emoji, set } = entry.operation
    if (isCovered(entry, own.get(`${messageId} ${emoji}`), stream)) continue
    const group = groupOf(messageId, emoji)
    if (!set) group.users.delete(userId)
    else if (!group.users.has(userId)) group.users.set(userId, PENDING)
    group.waiting = entry.state === 'pending'
  }
  return new Map([...messages].flatMap(([id, groups]) => shown(id, groups.values(), userId)))
}

function shown(messageId: string, groups: Iterable<Building>, userId: string): [string, readonly ReactionGroup[]][] {
  const found = [...groups]
    .filter(({ users }) => users.size > 0)
    .map(({ emoji, users, waiting }) => {
      const setters = [...users].toSorted(([, a], [, b]) => a[0] - b[0] || a[1] - b[1])
      return {
        first: setters[0]![1],
        group: { emoji, userIds: setters.map(([id]) => id), own: users.has(userId), waiting }
      }
    })
    .toSorted((a, b) => a.first[0] - b.first[0] || a.first[1] - b.first[1])
  return found.length === 0 ? [] : [[messageId, found.map(({ group }) => group)]]
}
