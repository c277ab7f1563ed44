// What a relay that went back has lost, and how it is brought back [S10.5]: found before the relay's records are stored, put into the
// outbox, and only then given up as records. Knows no connection.
import { MAX_USERS_PER_OPERATION } from '../../protocol/limits.ts'
import type { Operation, OperationOf } from '../../protocol/operations.ts'
import type { RoomRecord, StreamRecord } from '../../protocol/records.ts'
import type { Page } from '../../protocol/socket.ts'
import { roomOfStream, roomStream } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { isTakenBack } from '../store/outbox-rules.ts'
import type { Lost, OutboxEntry, SyncStore } from '../store/sync-store.ts'
import { deletionsAgain } from './unmet-deletions.ts'

/** What the relay served of one stream. */
export interface Received {
  stream: StreamId
  /** Which served it. */
  epoch: number
  records: readonly StreamRecord[]
  page?: Page | undefined
  /** See StreamState; absent: the relay has lost nothing of this stream. */
  lostUpTo?: number | undefined
  /** See StreamState. */
  unmetDeletions?: readonly string[] | undefined
}

/**
 * Stores what was received. After a kill in between it may be done again: what is in the outbox already is not put there twice, and what
 * was not given up is found again.
 */
export async function storeReceived(
  store: Pick<SyncStore, 'applyRecords' | 'applyPage' | 'findLost' | 'heldRoom' | 'loadOutbox' | 'repeatOperations'>,
  userId: string,
  { stream, epoch, records, page, lostUpTo, unmetDeletions = [] }: Received
): Promise<void> {
  const served = [...records, ...(page?.messages ?? []), ...(page?.reactions ?? [])]
  const again = deletionsAgain(served, unmetDeletions, userId)
  if (lostUpTo === undefined) {
    if (again.length > 0) await store.repeatOperations(again)
    if (records.length > 0) await store.applyRecords(stream, epoch, records)
    if (page) await store.applyPage(stream, epoch, page)
    return
  }
  // Before what is lost is looked for: a deletion that leaves in between has left a tombstone.
  const wishes = wishesIn(await store.loadOutbox(), unmetDeletions)
  const lost = await store.findLost(stream, epoch, lostUpTo, { records: served, ...(page ? { page } : {}) })
  const operations = [...operationsFor(lost, userId, wishes, await asideOf(store, stream, lost)), ...again]
  if (operations.length > 0) await store.repeatOperations(operations)
  if (records.length > 0) await store.applyRecords(stream, epoch, records)
  if (!page) return
  const repeated = new Set(operations.flatMap((each) => (each.type === 'message.send' ? [each.messageId] : [])))
  await store.applyPage(stream, epoch, page, { upTo: lostUpTo, givenUp: new Set([...repeated, ...unmetDeletions]) })
}

/** What this person wants of messages besides what the records say. */
interface Wishes {
  /** Ids of messages that are to be deleted. */
  deleted: ReadonlySet<string>
  /** By id: edits that were refused because the message was lost. */
  edits: ReadonlyMap<string, OperationOf<'message.edit'>>
}

export function wishesIn(entries: readonly OutboxEntry[], unmetDeletions: readonly string[] = []): Wishes {
  const standing = entries.filter((entry) => !isTakenBack(entry))
  const deleted = standing.flatMap(({ operation }) =>
    operation.type === 'message.delete' ? [operation.messageId] : []
  )
  const edits = standing.flatMap(({ operation, error }) => {
    const isRefused = error?.code === 'message-not-found'
    return operation.type === 'message.edit' && isRefused ? [[operation.messageId, operation] as const] : []
  })
  return { deleted: new Set([...deleted, ...unmetDeletions]), edits: new Map(edits) }
}

/** [S11.5] An aside, as what is said in it has to name it. */
interface Aside {
  parentId: string
  memberIds: readonly string[]
}

/** Of the room of this stream, if it is an aside in which something was lost. */
async function asideOf(
  store: Pick<SyncStore, 'heldRoom'>,
  stream: StreamId,
  { messages }: Lost
): Promise<Aside | undefined> {
  const roomId = roomOfStream(stream)
  const held = roomId === undefined || messages.length === 0 ? undefined : await store.heldRoom(roomId)
  const parentId = held?.room.parentId
  return held && parentId !== undefined ? { parentId, memberIds: held.memberIds } : undefined
}

/**
 * [S10.5] What this user does again: own messages in their old order first, with the words of a later edit, then own changes to what the relay
 * still has. Nothing about what the user has deleted [S13].
 * @param aside of messages of an aside: the relay may have lost that too, and the first message makes it
 */
export function operationsFor(
  { messages, versions: changed }: Lost,
  userId: string,
  wishes: Wishes,
  aside?: Aside
): Operation[] {
  const lostIds = new Set(messages.map(({ id }) => id))
  const own = messages.filter(({ id, authorId, kind, deletedAt }) => {
    return authorId === userId && kind === 'text' && deletedAt === undefined && !wishes.deleted.has(id)
  })
  const ownIds = new Set(own.map(({ id }) => id))
  const others = aside?.memberIds.filter((memberId) => memberId !== userId)
  const sends = own.map((message): Operation => {
    const { roomId, id, sentAt, replyTo } = message
    const { body, mentions } = wishes.edits.get(id) ?? message
    // Somebody else's words that are lost too are not there to be replied to: the reply goes without.
    const there = replyTo !== undefined && (ownIds.has(replyTo) || !lostIds.has(replyTo))
    const rest = { body, sentAt, ...(there ? { replyTo } : {}), ...(mentions ? { mentions } : {}) }
    if (!aside || !others || there) return { type: 'message.send', roomId, messageId: id, ...rest }
    return { type: 'message.send', roomId: aside.parentId, messageId: id, to: others, ...rest }
  })
  const versions = changed.filter(({ held }) => {
    return held.type !== 'message' || held.deletedAt !== undefined || !wishes.deleted.has(held.id)
  })
  return [...sends, ...versions.flatMap(({ held, served }) => repetitionsOf(held, served, userId))]
}

/** [S10.5] Puts into the outbox what makes a room again that the relay has lost as a whole. */
export async function repeatRoom(
  store: Pick<SyncStore, 'findLost' | 'heldRoom' | 'loadOutbox' | 'repeatOperations'>,
  roomId: string,
  userId: string,
  unmetDeletions?: readonly string[]
): Promise<void> {
  const held = await store.heldRoom(roomId)
  if (!held) return
  const { room, memberIds } = held
  if (room.kind === 'aside') {
    const wishes = wishesIn(await store.loadOutbox(), unmetDeletions)
    const everything = await store.findLost(roomStream(roomId), 0, Number.MAX_SAFE_INTEGER, {
      records: [],
      page: emptyRoom(roomId)
    })
    const aside = room.parentId === undefined ? undefined : { parentId: room.parentId, memberIds }
    await store.repeatOperations(operationsFor(everything, userId, wishes, aside))
  } else if (room.createdBy === userId || room.kind === 'direct') {
    await store.repeatOperations([roomAgain(room, memberIds, userId)])
  }
}

/** The newest page of a room in which nothing was said. */
function emptyRoom(roomId: string): Page {
  const nothing = { messages: [], reactions: [], head: 0, headSeq: 0, floor: 0, more: false }
  return { ok: true, kind: 'page', roomId, ...nothing }
}

/** No aside: its first message makes it. */
function roomAgain(room: RoomRecord, memberIds: readonly string[], userId: string): Operation {
  const { id, kind, name, history, topic, writers } = room
  const others = memberIds.filter((memberId) => memberId !== userId).slice(0, MAX_USERS_PER_OPERATION)
  if (kind === 'direct' || kind === 'notes') return { type: 'room.create', roomId: id, kind, memberIds: others }
  const terms = { ...(history ? { history } : {}), ...(topic ? { topic } : {}), ...(writers ? { writers } : {}) }
  return { type: 'room.create', roomId: id, kind: kind === 'open' ? kind : 'group', name, memberIds: others, ...terms }
}

function repetitionsOf(held: StreamRecord, served: StreamRecord | null, userId: string): Operation[] {
  switch (held.type) {
    case 'message': {
      if (held.authorId !== userId || held.kind !== 'text' || served?.type !== 'message') return []
      const { roomId, id: messageId, body } = held
      if (served.deletedAt !== undefined) return []
      if (held.deletedAt !== undefined) return [{ type: 'message.delete', roomId, messageId }]
      const { mentions } = held
      const edit = { roomId, messageId, body, ...(mentions ? { mentions } : {}) }
      return held.body === served.body ? [] : [{ type: 'message.edit', ...edit }]
    }
    case 'reaction': {
      if (held.userId !== userId) return []
      const { roomId, messageId, emoji, set } = held
      const stands = served?.type === 'reaction' && served.set
      return stands === set ? [] : [{ type: 'reaction.set', roomId, messageId, emoji, set }]
    }
    case 'membership': {
      if (served?.type !== 'membership' || served.state !== 'joined') return []
      const { roomId, readSeq = 0, mutedUntil = null, pinned = false } = held
      const settings: Operation = { type: 'room.settings', roomId, mutedUntil, pinned }
      const set = mutedUntil !== (served.mutedUntil ?? null) || pinned !== (served.pinned ?? false)
      const read = readSeq > (served.readSeq ?? 0)
      return [...(read ? [{ type: 'read.mark', roomId, seq: readSeq } as const] : []), ...(set ? [settings] : [])]
    }
    case 'block': {
      const { userId: blockedId, set } = held
      const stands = served?.type === 'block' && served.set
      return stands === set ? [] : [{ type: 'block.set', userId: blockedId, set }]
    }
    case 'preferences': {
      const { availability = 'auto' } = held
      const stands = (served?.type === 'preferences' && served.availability) || 'auto'
      return stands === availability ? [] : [{ type: 'preferences.change', availability }]
    }
    case 'user': {
      // Nobody is told against their will; the rest of a profile is not repeated.
      const hides = held.id === userId && held.receipts === false
      const stands = served?.type === 'user' && served.receipts !== false
      return hides && stands ? [{ type: 'profile.change', receipts: false }] : []
    }
    default:
      return []
  }
}
