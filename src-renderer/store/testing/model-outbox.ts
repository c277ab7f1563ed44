// For the property of the outbox: an outbox in memory that keeps what the one on the disk keeps, row by row, and a relay that applies whatever
// it gets. Both are told by the test what happens when.
import {
  advanceCounter,
  answerEntries,
  byOutboxOrder,
  erasedEntries,
  FRESH_COUNTER,
  numberEntries
} from '../outbox-rules.ts'
import type { Counter, EntryChanges } from '../outbox-rules.ts'
import type { OutboxChange, OutboxSnapshot } from '../outbox.ts'
import type { CommandParts } from '../chat-commands.ts'
import { DEPENDS_ON_REFUSED } from '../outbox-rules.ts'
import { idleRefusals } from '../removal-plans.ts'
import type { BlockRow, MemberRow, MembershipRow, MessageRow, PreferencesRow } from '../schemas.ts'
import type { ReactionRow, RoomRow, UserRow } from '../schemas.ts'
import { roomStream, userStream, USERS_STREAM } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import type { Operation } from '../../../protocol/operations.ts'
import type { Answer } from '../../../protocol/socket.ts'
import type { OutboxEntry } from '../sync-store.ts'

export interface ModelOutbox {
  part: CommandParts['outbox']
  entries: () => OutboxEntry[]
  /** Gives numbers to the first `limit` that wait; resolves with all that are numbered and not answered. */
  number: (limit: number) => OutboxEntry[]
  answer: (answers: readonly Answer[]) => void
  remove: (ids: readonly string[]) => void
}

/** @param interfere called between reading and writing of each change: what it does there is another window's doing */
export function modelOutbox(interfere: () => void): ModelOutbox {
  // By a key that stays when a retry changes the id, as on the disk.
  const rows = new Map<string, OutboxEntry>()
  let counter: Counter = FRESH_COUNTER
  let place = 0

  const entries = (): OutboxEntry[] => [...rows.values()].toSorted(byOutboxOrder)
  const keyOf = (id: string): string | undefined => [...rows].find(([, entry]) => entry.id === id)?.[0]
  const put = (changes: EntryChanges): void => {
    for (const [id, entry] of changes) rows.set(keyOf(id) ?? entry.id, entry)
  }
  const snapshot = (): OutboxSnapshot => ({ entries: entries(), counter })

  return {
    entries,
    number(limit) {
      put(numberEntries(entries(), advanceCounter(counter, entries()), limit))
      return entries().filter(({ state, n }) => state === 'pending' && n !== null)
    },
    answer(answers) {
      put(answerEntries(entries(), 1, answers))
      for (const id of erasedEntries(entries())) rows.delete(keyOf(id) ?? '')
      counter = advanceCounter(
        counter,
        entries(),
        answers.map(({ n }) => n)
      )
      for (const id of idleRefusals(entries())) rows.delete(keyOf(id) ?? '')
    },
    remove(ids) {
      for (const id of ids) rows.delete(keyOf(id) ?? '')
    },
    part: {
      nextPlace: () => ++place,
      append: async (entry) => void rows.set(entry.id, entry),
      appendedSoFar: async () => undefined,
      latest: async () => snapshot(),
      load: async () => snapshot(),
      async settleAndRevise(decide) {
        for (;;) {
          const before = new Map(rows)
          const change = decide(snapshot()) ?? {}
          interfere()
          if (!write(change, before)) return
        }
      }
    }
  }

  /** Row by row: those that were changed in between stay as they are. Returns whether there were any. */
  function write(
    { put: changed = new Map(), add = [], remove = [] }: OutboxChange,
    before: Map<string, OutboxEntry>
  ): boolean {
    let conflict = false
    const isUntouched = (key: string | undefined): key is string => {
      const untouched = key !== undefined && rows.get(key) === before.get(key)
      conflict ||= !untouched
      return untouched
    }
    const keyBefore = (id: string): string | undefined => [...before].find(([, entry]) => entry.id === id)?.[0]
    for (const [id, entry] of changed) {
      const key = keyBefore(id)
      if (isUntouched(key)) rows.set(key, entry)
    }
    for (const id of remove) {
      const key = keyBefore(id)
      if (isUntouched(key)) rows.delete(key)
    }
    for (const entry of add) rows.set(entry.id, entry)
    return conflict
  }
}

/** What a relay knows of one room and one person in it. */
export interface ModelRecords {
  rooms: Map<string, RoomRow>
  messages: Map<string, MessageRow>
  reactions: Map<string, ReactionRow>
  membership: Map<string, MembershipRow>
  members: Map<string, MemberRow>
  users: Map<string, UserRow>
  blocks: Map<string, BlockRow>
  preferences: Map<string, PreferencesRow>
}
export type Kind = keyof ModelRecords
type AnyRow = RoomRow | MessageRow | ReactionRow | MembershipRow | MemberRow | UserRow | BlockRow | PreferencesRow

export interface Change {
  stream: StreamId
  kind: Kind
  row: AnyRow
}

export function noRecords(): ModelRecords {
  return {
    rooms: new Map(),
    messages: new Map(),
    reactions: new Map(),
    membership: new Map(),
    members: new Map(),
    users: new Map(),
    blocks: new Map(),
    preferences: new Map()
  }
}

export function store(records: ModelRecords, { kind, row }: Change): void {
  ;(records[kind] as Map<string, AnyRow>).set(row.key, row)
}

const TIME = '2026-02-10T06:05:00.000Z'

/** A relay for one person and one room; it accepts what SPEC §3 accepts, but for what `refuses` picks. */
export class ModelRelay {
  readonly records = noRecords()
  readonly log: Change[] = []
  private readonly userId: string
  private readonly revs = new Map<StreamId, number>()
  private readonly refused = new Set<string>()
  private seq = 0

  constructor(userId: string) {
    this.userId = userId
    const user = { type: 'user', id: userId, username: 'mina', displayName: 'Mina', role: 'owner', createdAt: TIME }
    this.change(USERS_STREAM, 'users', userId, user)
  }

  /** Decides one numbered entry. */
  decide({ id, n, dependsOn, operation }: OutboxEntry, refuses: boolean): Answer {
    const fallen = dependsOn.some((each) => this.refused.has(each))
    const code = fallen ? DEPENDS_ON_REFUSED.code : 'not-permitted'
    const version = fallen || refuses ? code : this.apply(operation)
    if (typeof version === 'object') return { status: 'accepted', id, n: n ?? 0, ...version }
    this.refused.add(id)
    return { status: 'refused', id, n: n ?? 0, error: { code: version, message: 'refused by the model' } }
  }

  private change(stream: StreamId, kind: Kind, key: string, fields: object): { stream: StreamId; rev: number } {
    const rev = (this.revs.get(stream) ?? 0) + 1
    this.revs.set(stream, rev)
    const after = { ...this.records[kind].get(key), ...fields, key, rev, epoch: 1 }
    const row = Object.fromEntries(
      Object.entries(after).filter(([, value]) => value !== undefined)
    ) as unknown as AnyRow
    store(this.records, { stream, kind, row })
    this.log.push({ stream, kind, row })
    return { stream, rev }
  }

  /** A code: refused. */
  private apply(operation: Operation): { stream: StreamId; rev: number; seq?: number } | string {
    if (operation.type === 'profile.change') {
      const { type: _, status, avatar: _avatar, receipts, ...change } = operation
      const hides = receipts === undefined ? {} : { receipts: receipts ? undefined : false }
      const said = status === undefined ? {} : { status: status ?? undefined }
      return this.change(USERS_STREAM, 'users', this.userId, { ...change, ...said, ...hides })
    }
    if (operation.type === 'preferences.change') {
      const { availability } = operation
      const chosen =
        availability === undefined ? {} : { availability: availability === 'auto' ? undefined : availability }
      return this.change(userStream(this.userId), 'preferences', 'preferences', { type: 'preferences', ...chosen })
    }
    if (operation.type === 'block.set') {
      const { userId, set } = operation
      return this.change(userStream(this.userId), 'blocks', userId, { type: 'block', userId, set })
    }
    const { roomId } = operation
    const stream = roomStream(roomId)
    const own = userStream(this.userId)
    const membership = this.records.membership.get(roomId)
    const key = 'messageId' in operation ? `${roomId}|${operation.messageId}` : ''
    const message = this.records.messages.get(key)
    const isJoined = membership?.state === 'joined'
    const member = (userId: string, state: 'joined' | 'left'): void => {
      const fields = { type: 'member', roomId, userId, role: 'member', state, joinedAt: TIME, joinedSeq: 0 }
      this.change(stream, 'members', `${roomId}|${userId}`, fields)
    }
    const join = (state: 'joined' | 'left') => {
      member(this.userId, state)
      return this.change(own, 'membership', roomId, { type: 'membership', roomId, state, changedAt: TIME })
    }
    switch (operation.type) {
      case 'room.create': {
        const { kind, name, topic, writers } = operation
        const room = { type: 'room', id: roomId, kind, name, topic, writers: writers ?? undefined }
        this.change(stream, 'rooms', roomId, { ...room, createdBy: this.userId, createdAt: TIME })
        for (const userId of operation.memberIds) member(userId, 'joined')
        join('joined')
        return { stream, rev: this.revs.get(stream) ?? 0 }
      }
      case 'room.change': {
        if (!isJoined) return 'not-a-member'
        const { topic, writers } = operation
        return this.change(stream, 'rooms', roomId, {
          ...(topic === undefined ? {} : { topic: topic ?? undefined }),
          ...(writers === undefined ? {} : { writers: writers ?? undefined })
        })
      }
      case 'room.close':
        return isJoined ? this.change(stream, 'rooms', roomId, { closedAt: TIME }) : 'not-a-member'
      case 'member.ban': {
        if (!isJoined) return 'not-a-member'
        const { userId, set } = operation
        if (set) member(userId, 'left')
        return this.change(stream, 'members', `${roomId}|${userId}`, { banned: set || undefined })
      }
      case 'member.role': {
        const { userId, role } = operation
        if (!isJoined) return 'not-a-member'
        return this.change(stream, 'members', `${roomId}|${userId}`, { role })
      }
      case 'room.join':
        return this.records.rooms.has(roomId) ? join('joined') : 'room-not-found'
      case 'room.rename':
        return isJoined ? this.change(stream, 'rooms', roomId, { name: operation.name }) : 'not-a-member'
      case 'room.settings': {
        if (!membership) return 'not-a-member'
        const { mutedUntil, pinned, unreadFrom } = operation
        return this.change(own, 'membership', roomId, {
          ...(mutedUntil === undefined ? {} : { mutedUntil: mutedUntil ?? undefined }),
          ...(pinned === undefined ? {} : { pinned: pinned || undefined }),
          ...(unreadFrom === undefined ? {} : { unreadFrom: unreadFrom ?? undefined })
        })
      }
      case 'read.mark': {
        if (!isJoined) return 'not-a-member'
        const readSeq = Math.max(membership.readSeq ?? 0, operation.seq)
        return this.change(own, 'membership', roomId, { readSeq, unreadFrom: undefined })
      }
      case 'member.add': {
        if (!isJoined) return 'not-a-member'
        for (const userId of operation.userIds) member(userId, 'joined')
        return { stream, rev: this.revs.get(stream) ?? 0 }
      }
      case 'member.remove':
        if (!isJoined) return 'not-a-member'
        if (operation.userId === this.userId) return join('left')
        member(operation.userId, 'left')
        return { stream, rev: this.revs.get(stream) ?? 0 }
      case 'message.send': {
        if (!isJoined) return 'not-a-member'
        if (operation.replyTo && !this.records.messages.has(`${roomId}|${operation.replyTo}`))
          return 'message-not-found'
        if (message) return { stream, rev: message.rev, seq: message.seq }
        const { messageId, body, sentAt, replyTo } = operation
        const fields = { type: 'message', id: messageId, roomId, seq: ++this.seq, kind: 'text', body, replyTo }
        const version = this.change(stream, 'messages', key, {
          ...fields,
          authorId: this.userId,
          sentAt,
          acceptedAt: TIME
        })
        return { ...version, seq: this.seq }
      }
      case 'message.edit':
        if (!message) return 'message-not-found'
        if (message.deletedAt !== undefined) return 'message-deleted'
        return this.change(stream, 'messages', key, {
          body: operation.body,
          mentions: operation.mentions,
          editedAt: TIME
        })
      case 'message.delete':
        if (!message) return 'message-not-found'
        return this.change(stream, 'messages', key, {
          body: '',
          deletedAt: TIME,
          editedAt: undefined,
          replyTo: undefined
        })
      case 'message.pin': {
        if (!message) return 'message-not-found'
        if (message.deletedAt !== undefined) return 'message-deleted'
        const others = (this.records.rooms.get(roomId)?.pins ?? []).filter((id) => id !== operation.messageId)
        const pins = operation.set ? [...others, operation.messageId] : others
        return this.change(stream, 'rooms', roomId, { pins: pins.length === 0 ? undefined : pins })
      }
      case 'reaction.set': {
        if (!message) return 'message-not-found'
        if (message.deletedAt !== undefined) return 'message-deleted'
        const { messageId, emoji, set } = operation
        const id = `${roomId}|${messageId}|${this.userId}|${emoji}`
        const fields = { type: 'reaction', roomId, messageId, seq: message.seq, userId: this.userId, emoji, set }
        return this.change(stream, 'reactions', id, fields)
      }
    }
  }
}
