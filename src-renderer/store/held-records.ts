// Reads, once, the records that a command begins from. Writes nothing, and decides nothing.
import type { Operation } from '../../protocol/operations.ts'
import { readsStream } from '../../protocol/streams.ts'
import type { Base } from './outbox-standing.ts'
import { roomIdOf, spokenIn } from './outbox-rules.ts'
import { blockKey, messageKey, PREFERENCES_KEY, reactionKey } from './schemas.ts'
import type { Collection, Keyed, RecordCollections, Stored } from './schemas.ts'

/** What the device holds of what an operation of `userId` is about. */
export async function loadBase(records: RecordCollections, userId: string, operation: Operation): Promise<Base> {
  const roomId = roomIdOf(operation)
  if (operation.type === 'block.set') {
    const block = await one(records.memberships, blockKey(operation.userId))
    return { userId, block: block?.type === 'block' ? block : undefined }
  }
  if (operation.type === 'preferences.change') {
    const preferences = await one(records.memberships, PREFERENCES_KEY)
    return { userId, preferences: preferences?.type === 'preferences' ? preferences : undefined }
  }
  if (roomId === null) return { userId, user: await one(records.users, userId) }
  const told = operation.type === 'read.mark' ? await toldSeq(records, userId, roomId) : undefined
  const spoken = operation.type === 'message.send' ? spokenIn(operation, userId) : roomId
  const [room, own, message, reaction, members] = await Promise.all([
    one(records.rooms, roomId),
    one(records.memberships, roomId),
    'messageId' in operation ? one(records.messages, messageKey(spoken, operation.messageId)) : undefined,
    operation.type === 'reaction.set' ? one(records.reactions, reactionKey({ ...operation, userId })) : undefined,
    many(
      records.members,
      namedBy(operation).map((id) => `${roomId}|${id}`)
    )
  ])
  const membership = own?.type === 'membership' ? own : undefined
  const byUser = new Map(members.map((member) => [member.userId, member]))
  return { userId, room, membership, message, reaction, members: byUser, told }
}

/** [S12.6] See `Base.told`. */
async function toldSeq(records: RecordCollections, userId: string, roomId: string): Promise<number | undefined> {
  const [user, reads] = await Promise.all([one(records.users, userId), one(records.streams, readsStream(roomId))])
  if (user?.receipts === false || !reads?.state) return undefined
  return reads.marks?.[userId]?.[0] ?? 0
}

function namedBy(operation: Operation): readonly string[] {
  if (operation.type === 'member.add') return operation.userIds
  const isOfOne = ['member.remove', 'member.ban', 'member.role'].includes(operation.type)
  return isOfOne && 'userId' in operation ? [operation.userId] : []
}

async function one<Row extends Keyed>(rows: Collection<Row>, key: string): Promise<Stored<Row> | undefined> {
  const [row] = await many(rows, [key])
  return row
}

async function many<Row extends Keyed>(rows: Collection<Row>, keys: readonly string[]): Promise<Stored<Row>[]> {
  return keys.length === 0 ? [] : rows.storageInstance.findDocumentsById([...keys], false)
}
