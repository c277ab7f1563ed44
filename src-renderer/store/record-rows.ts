// Records as rows: newer ones replace older ones [S8], pages are the whole truth about their seqs [S8.1, S10.5]. Knows no outbox.
import type { StreamRecord } from '../../protocol/records.ts'
import type { Arriving } from './arriving.ts'
import { isLost, isNotKept, isTakenAway, lostOf, lostSeqsOf, seqsOf, tombstoneOf } from './page-truth.ts'
import type { HeldRecord } from './page-truth.ts'
import { inSeqs, membersOf, read } from './queries.ts'
import { reviseRows } from './rows.ts'
import { messageKey, recordOf, rowKey } from './schemas.ts'
import type { Collection, MessageRow, ReactionRow, RecordCollections, RecordRow, RowRecord } from './schemas.ts'
import type { SyncStore } from './sync-store.ts'

/** What calls of one moment want to be written: by type, then by key. */
type Gathered = Map<RowRecord['type'], Map<string, { epoch: number; record: RowRecord }>>

/**
 * [S8] Puts records into their collections, where they are newer by (epoch served, rev) than what is held. Calls of one moment, of whatever
 * streams, share one transaction per collection: a list of rooms is hundreds of streams with a few records each.
 * @param arriving is told of messages whose write has begun
 */
export function createRowWriter(
  records: RecordCollections,
  arriving?: Arriving
): (epoch: number, received: readonly RowRecord[]) => Promise<void> {
  let gathering: { rows: Gathered; written: Promise<void> } | null = null

  async function write(rows: Gathered): Promise<void> {
    await Promise.resolve()
    gathering = null
    const written = Promise.all([...rows].map(([type, group]) => applyGroup(collectionOf(records, type), group)))
    const messages = [...(rows.get('message') ?? [])].map(([key, { epoch, record }]) => ({ ...record, key, epoch }))
    arriving?.show(messages as MessageRow[], written)
    await written
  }

  return async (epoch, received) => {
    if (gathering === null) {
      const rows: Gathered = new Map()
      gathering = { rows, written: write(rows) }
    }
    const { rows, written } = gathering
    for (const record of received) {
      const group = rows.get(record.type) ?? new Map<string, { epoch: number; record: RowRecord }>()
      rows.set(record.type, group)
      const key = rowKey(record)
      const other = group.get(key)
      if (!other || isOlder(other, epoch, record.rev)) group.set(key, { epoch, record })
    }
    await written
  }
}

function isOlder(held: { epoch: number; record: RowRecord }, epoch: number, rev: number): boolean {
  return held.epoch < epoch || (held.epoch === epoch && held.record.rev < rev)
}

async function applyGroup(
  rows: Collection<RecordRow>,
  group: ReadonlyMap<string, { epoch: number; record: RowRecord }>
): Promise<void> {
  await reviseRows(rows, [...group.keys()], (key, held) => {
    const newer = group.get(key)
    if (!newer) return undefined
    const { epoch, record } = newer
    if (held && (held.epoch > epoch || (held.epoch === epoch && held.rev >= record.rev))) return undefined
    return { ...record, key, epoch, ...(held?.ext?.onlyHere ? { ext: { wasOnlyHere: true } } : {}) }
  })
}

export function collectionOf(records: RecordCollections, type: RowRecord['type']): Collection<RecordRow> {
  const collections = {
    user: records.users,
    membership: records.memberships,
    block: records.memberships,
    preferences: records.memberships,
    room: records.rooms,
    member: records.members,
    message: records.messages,
    reaction: records.reactions
  }
  return collections[type] as unknown as Collection<RecordRow>
}

/** What the contract in sync-store.ts says of pages and of what a relay has lost. */
export function pagesOf(
  records: RecordCollections,
  applyRecords: SyncStore['applyRecords']
): Pick<SyncStore, 'applyPage' | 'findLost' | 'eraseMessage' | 'heldRoom' | 'heldMessage'> {
  type Seqs = { from: number; to: number }
  const messagesIn = (roomId: string, seqs: Seqs): Promise<MessageRow[]> =>
    read(records.messages, inSeqs<MessageRow>(roomId, seqs))
  const reactionsIn = (roomId: string, seqs: Seqs): Promise<ReactionRow[]> =>
    read(records.reactions, inSeqs<ReactionRow>(roomId, seqs))

  return {
    async applyPage(stream, epoch, page, lost) {
      const { roomId } = page
      await applyRecords(stream, epoch, [...page.messages, ...page.reactions])
      const seqs = lost ? lostSeqsOf(page) : seqsOf(page)
      if (seqs.from > seqs.to) return
      const isUnset = (row: ReactionRow): boolean => isTakenAway(heldOf(row), epoch, page, lost?.upTo)
      const unset = (await reactionsIn(roomId, seqs)).filter(isUnset)
      await reviseRows(records.reactions, keysOf(unset), (_key, row) => (row && isUnset(row) ? null : undefined))
      if (!lost) return
      const gone = (await messagesIn(roomId, seqs)).filter((row) => isLost(heldOf(row), lost.upTo, page))
      await reviseRows(records.messages, keysOf(gone), (_key, row) => {
        if (!row || !isLost(heldOf(row), lost.upTo, page)) return undefined
        return isNotKept(row, lost) ? null : { ...row, ext: { ...row.ext, onlyHere: true } }
      })
    },

    async findLost(_stream, epoch, upTo, { records: served, page }) {
      const groups = new Map<RowRecord['type'], RowRecord[]>()
      for (const record of served) {
        if (record.type !== 'read') groups.set(record.type, [...(groups.get(record.type) ?? []), record])
      }
      const held = await Promise.all(
        [...groups].map(async ([type, group]) => {
          const found = await collectionOf(records, type).storageInstance.findDocumentsById(group.map(rowKey), false)
          const byKey = new Map(found.map((row) => [row.key, row]))
          return group.flatMap((now) => {
            const row = byKey.get(rowKey(now))
            return row ? [{ held: heldOf(row), now }] : []
          })
        })
      )
      const messages = page ? await messagesIn(page.roomId, lostSeqsOf(page)) : []
      const reactions = page ? await reactionsIn(page.roomId, lostSeqsOf(page)) : []
      return lostOf({ epoch, upTo, page }, held.flat(), {
        messages: messages.map(heldOf),
        reactions: reactions.map(heldOf)
      })
    },

    async eraseMessage(roomId, messageId, epoch, deletedAt) {
      let isThere = false
      await reviseRows(records.messages, [messageKey(roomId, messageId)], (_key, row) => {
        const hasText = row !== undefined && row.deletedAt === undefined
        isThere = hasText && row.epoch >= epoch
        if (!hasText || isThere) return undefined
        if (row.ext?.onlyHere) return null
        return deletedAt === undefined ? undefined : tombstoneOf(row, deletedAt)
      })
      return isThere
    },

    async heldRoom(roomId) {
      const [room] = await records.rooms.storageInstance.findDocumentsById([roomId], false)
      if (!room) return undefined
      const members = await read(records.members, membersOf(roomId))
      const joined = members.filter(({ state }) => state === 'joined')
      return { room: recordOf(room), memberIds: joined.map(({ userId }) => userId) }
    },

    async heldMessage(roomId, messageId) {
      const [row] = await records.messages.storageInstance.findDocumentsById([messageKey(roomId, messageId)], false)
      return row && recordOf(row)
    }
  }
}

function keysOf(rows: readonly (MessageRow | ReactionRow)[]): string[] {
  return rows.map(({ key }) => key)
}

function heldOf<R extends StreamRecord>(row: RecordRow<R>): HeldRecord<R> {
  return { epoch: row.epoch, record: recordOf<R>(row) }
}
