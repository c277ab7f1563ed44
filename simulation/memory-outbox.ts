// The outbox in memory as commands see it: every change is one step at some moment between a command's call and its end.
import { Subject } from 'rxjs'
import type { Operation } from '../protocol/operations.ts'
import type { ReadRecord, UserRecord } from '../protocol/records.ts'
import { readsStream, roomStream, userStream, USERS_STREAM } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import { createChatCommands } from '../src-renderer/store/chat-commands.ts'
import type { CommandParts } from '../src-renderer/store/chat-commands.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import type { MemorySyncStore } from '../src-renderer/store/memory-sync-store.ts'
import { advanceCounter, spokenIn } from '../src-renderer/store/outbox-rules.ts'
import type { Base } from '../src-renderer/store/outbox-standing.ts'
import type { MemberRow, MessageRow } from '../src-renderer/store/schemas.ts'
import { finishRemovals } from '../src-renderer/store/tidying.ts'

export interface MemoryOutboxParts {
  store: MemorySyncStore
  userId: string
  /** Device time in ms since 1970. */
  now: () => number
  /** Half of what a call of the store takes; never resolves once the device is dead. */
  pause: () => Promise<void>
  /** Told of each change that a command has made. */
  changed: () => void
}

/** The real commands of a person, once what a crash has left half done is finished, as the store that ships does it. Drafts are not part of them. */
export async function openCommands(parts: MemoryOutboxParts): Promise<ChatCommands> {
  const { store, userId, now } = parts
  const outbox = outboxOver(parts)
  await finishRemovals(outbox)
  return createChatCommands({
    userId,
    outbox,
    drafts: null as never,
    base: async (operation) => baseOf(store, userId, operation),
    now,
    urgent: new Subject()
  })
}

function outboxOver({ store, now, pause, changed }: MemoryOutboxParts): CommandParts['outbox'] {
  let appended: Promise<void> = Promise.resolve()
  let underWay = 0
  return {
    nextPlace: () => {
      store.disk.lastPlace = Math.max(now(), store.disk.lastPlace + 1)
      return store.disk.lastPlace
    },
    append: async (entry) => {
      // Decided by what is known now, written a moment later.
      const numbered = underWay === 0 ? store.numbered(entry) : entry
      underWay++
      appended = appended.then(async () => {
        await pause()
        store.revise({ add: [numbered] })
        changed()
        await pause()
        underWay--
      })
      return appended
    },
    appendedSoFar: async () => appended,
    latest: async () => store.snapshot(),
    load: async () => store.snapshot(),
    settleAndRevise: async (decide) => {
      underWay++
      await pause()
      const { entries, counter } = store.snapshot()
      const settled = advanceCounter(counter, entries)
      store.revise({ counter: settled, ...decide({ entries, counter: settled }) })
      changed()
      await pause()
      underWay--
    }
  }
}

/** What the device holds of what an operation is about. */
function baseOf({ disk }: MemorySyncStore, userId: string, operation: Operation): Base {
  const row = (stream: StreamId, key: string): never => {
    const held = disk.records.get(stream)?.get(key)
    return (held && { key, epoch: held.epoch, ...held.record }) as never
  }
  if (operation.type === 'profile.change') return { userId, user: row(USERS_STREAM, `user:${userId}`) }
  if (operation.type === 'preferences.change') return { userId, preferences: row(userStream(userId), 'preferences') }
  if (operation.type === 'block.set') return { userId, block: row(userStream(userId), `block:${operation.userId}`) }
  const { roomId } = operation
  const stream = roomStream(roomId)
  const spoken = operation.type === 'message.send' ? roomStream(spokenIn(operation, userId)) : stream
  const named = 'userIds' in operation ? operation.userIds : 'userId' in operation ? [operation.userId] : []
  const members = new Map<string, MemberRow>()
  for (const each of named) {
    const member: MemberRow | undefined = row(stream, `member:${each}`)
    if (member !== undefined) members.set(each, member)
  }
  const message: MessageRow | undefined =
    'messageId' in operation ? row(spoken, `message:${operation.messageId}`) : undefined
  const tells =
    (disk.records.get(USERS_STREAM)?.get(`user:${userId}`)?.record as UserRecord | undefined)?.receipts !== false
  const read = disk.records.get(readsStream(roomId))?.get(`read:${userId}`)?.record as ReadRecord | undefined
  const isKnown = tells && disk.streams.has(readsStream(roomId))
  return {
    userId,
    ...(isKnown && operation.type === 'read.mark' ? { told: read?.seq ?? 0 } : {}),
    room: row(stream, `room:${roomId}`),
    membership: row(userStream(userId), `membership:${roomId}`),
    message,
    reaction:
      operation.type === 'reaction.set'
        ? row(stream, `reaction:${operation.messageId}:${userId}:${operation.emoji}`)
        : undefined,
    members
  }
}
