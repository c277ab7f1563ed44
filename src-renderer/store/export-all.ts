// Everything of one person that this device holds, as a file for keeping: when an account or a device comes to its end. Reads only, room by room.
import { everyRow, inSeqs, membersOf, read } from './queries.ts'
import type { Outbox } from './outbox.ts'
import { recordOf } from './schemas.ts'
import type { Collection, DraftRow, MessageRow, RecordCollections } from './schemas.ts'

/** Seqs that are read at one time. */
const SEQS_AT_ONCE = 500

/** A JSON file (UTF-8): unsent words first, then people, then each room with its members and messages. Pictures are not in it. */
export async function exportAll(parts: {
  userId: string
  records: RecordCollections
  drafts: Collection<DraftRow>
  outbox: Pick<Outbox, 'load'>
}): Promise<Blob> {
  const { userId, records, drafts, outbox } = parts
  const [{ entries }, draftRows, users, rooms] = await Promise.all([
    outbox.load(),
    read(drafts, everyRow<DraftRow>()),
    read(records.users, everyRow()),
    read(records.rooms, everyRow())
  ])
  const unsent = entries
    .filter(({ state }) => state !== 'accepted')
    .map(({ operation, createdAt }) => ({ createdAt, ...operation }))
  const unfinished = draftRows.filter(({ text }) => text !== '').map(({ key, text }) => ({ roomId: key, text }))
  const pieces = [
    `{"userId": ${JSON.stringify(userId)},\n"unsent": ${lines(unsent)},\n"drafts": ${lines(unfinished)},\n`,
    `"users": ${lines(users.map(recordOf))},\n"rooms": [`
  ]
  for (const [index, room] of rooms.entries()) {
    const members = (await read(records.members, membersOf(room.id))).map(recordOf)
    pieces.push(
      `${index === 0 ? '' : ',\n'}{"room": ${JSON.stringify(recordOf(room))}, "members": ${lines(members)}, "messages": [`
    )
    let isFirst = true
    for await (const messages of messagesOf(records, room.id)) {
      pieces.push(`${isFirst ? '' : ',\n'}${messages.map((row) => JSON.stringify(recordOf(row))).join(',\n')}`)
      isFirst = false
    }
    pieces.push(']}')
  }
  return new Blob([...pieces, ']}\n'], { type: 'application/json' })
}

/** Of a room, ascending, some at a time; never none. */
async function* messagesOf({ messages, streams }: RecordCollections, roomId: string): AsyncGenerator<MessageRow[]> {
  const [row] = await streams.storageInstance.findDocumentsById([`room:${roomId}`], false)
  const headSeq = row?.state?.headSeq ?? 0
  for (let from = 0; from <= headSeq; from += SEQS_AT_ONCE) {
    // What a relay that went back has lost may lie above the end.
    const to = from + SEQS_AT_ONCE > headSeq ? Number.MAX_SAFE_INTEGER : from + SEQS_AT_ONCE - 1
    const found = await read(messages, inSeqs<MessageRow>(roomId, { from, to }))
    if (found.length > 0) yield found
  }
}

function lines(values: readonly object[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(',\n')}]`
}
