// SyncStore on RxDB: records into their collections [S8], stream states, and the outbox as sync sees it. Knows no relay and no screen.
import { map } from 'rxjs'
import type { Operation } from '../../protocol/operations.ts'
import type { ReadRecord } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import type { Arriving } from './arriving.ts'
import { advanceCounter, answerEntries, erasedEntries, numberEntries, restartEntries } from './outbox-rules.ts'
import type { Outbox, OutboxChange, OutboxSnapshot } from './outbox.ts'
import { entriesToRepeat } from './page-truth.ts'
import { createRowWriter, pagesOf } from './record-rows.ts'
import { everyRow, read } from './queries.ts'
import { reviseRows } from './rows.ts'
import type { ReadsWriter } from './reads-writer.ts'
import type { RecordCollections, RowRecord, StreamRow } from './schemas.ts'
import type { OutboxEntry, SyncStore } from './sync-store.ts'

/** The device's store as sync sees it: the contract is in sync-store.ts. */
export function createRxdbSyncStore(
  records: RecordCollections,
  reads: ReadsWriter,
  outbox: Outbox,
  arriving?: Arriving
): SyncStore {
  return { ...recordsForSync(records, reads, arriving), ...outboxForSync(outbox) }
}

type RecordsPart = Pick<
  SyncStore,
  | 'loadStreams'
  | 'saveStreams'
  | 'applyRecords'
  | 'applyPage'
  | 'findLost'
  | 'eraseMessage'
  | 'heldRoom'
  | 'heldMessage'
>

function recordsForSync(records: RecordCollections, reads: ReadsWriter, arriving: Arriving | undefined): RecordsPart {
  const writeRows = createRowWriter(records, arriving)
  const applyRecords: SyncStore['applyRecords'] = async (stream, epoch, received) => {
    const marks: ReadRecord[] = []
    const rows: RowRecord[] = []
    for (const record of received) {
      if (record.type === 'read') marks.push(record)
      else rows.push(record)
    }
    if (rows.length > 0) await writeRows(epoch, rows)
    if (marks.length > 0) await reads.apply(stream, epoch, marks)
  }

  return {
    applyRecords,
    ...pagesOf(records, applyRecords),

    async loadStreams() {
      const rows = await read(records.streams, everyRow<StreamRow>())
      return rows.flatMap(({ state }) => (state ? [structuredClone(state)] : []))
    },

    async saveStreams(states) {
      const byStream = new Map(reads.withhold(states).map((state) => [state.stream as string, state]))
      await reviseRows(records.streams, [...byStream.keys()], (key, row) => {
        const state = byStream.get(key)
        return state && { key, state, ...(row?.marks ? { marks: row.marks } : {}) }
      })
    }
  }
}

/** The half that concerns the outbox; any window may hold one. */
export function outboxForSync(outbox: Outbox): Omit<SyncStore, keyof RecordsPart> {
  let repeated: Promise<unknown> = Promise.resolve()

  async function repeat(operations: readonly Operation[]): Promise<void> {
    const { entries } = await outbox.load()
    const make = (): Pick<OutboxEntry, 'id' | 'place' | 'createdAt'> => {
      return { id: newId(), place: outbox.nextPlace(), createdAt: new Date(outbox.now()).toISOString() }
    }
    await Promise.all(entriesToRepeat(operations, entries, make).map((entry) => outbox.append(entry)))
  }

  return {
    watchOutbox: () => outbox.snapshots.pipe(map(({ entries }) => entries)),

    async loadOutbox() {
      const { entries } = await outbox.load()
      return structuredClone([...entries])
    },

    async loadAnswered() {
      const { entries, counter } = await outbox.load()
      return advanceCounter(counter, entries).answered
    },

    async numberPending(limit) {
      const given = new Set<string>()
      let numbered: OutboxEntry[] = []
      const decide = ({ entries, counter }: OutboxSnapshot): OutboxChange => {
        numbered = entries.filter(({ state, n }) => state === 'pending' && n !== null)
        const left = limit - numbered.filter(({ id }) => given.has(id)).length
        const unnumbered = new Set(entries.filter(({ n }) => n === null).map(({ id }) => id))
        const put = numberEntries(entries, advanceCounter(counter, entries), left)
        for (const id of put.keys()) if (unnumbered.has(id)) given.add(id)
        return { put }
      }
      // Once more after each write, until a fresh look finds nothing left to set right.
      let wrote = true
      while (wrote) wrote = await outbox.revise(decide)
      return structuredClone(numbered)
    },

    numberNew: (isDue) => outbox.numberNew(isDue),

    async storeAnswers(epoch, answers) {
      await outbox.reviseKnown(({ entries }) => {
        const put = answerEntries(entries, epoch, answers)
        return { put, remove: erasedEntries(entries.map((entry) => put.get(entry.id) ?? entry)) }
      })
      const ns = answers.map(({ n }) => n)
      await outbox.reviseKnown(({ entries, counter }) => ({ counter: advanceCounter(counter, entries, ns) }))
    },

    async removeEntries(ids) {
      const wanted = new Set(ids)
      await outbox.settleAndRevise(
        ({ entries }) => ({
          remove: entries.filter(({ id, state }) => state === 'accepted' && wanted.has(id)).map(({ id }) => id)
        }),
        { known: true }
      )
    },

    /** One call after the other: pages that are stored at the same time may tell of the same loss. */
    async repeatOperations(operations) {
      const done = repeated.then(() => repeat(operations))
      repeated = done.catch(() => undefined)
      await done
    },

    async restartCounter(answered, wentBack = false) {
      await outbox.revise(({ entries, counter }) => {
        const same = counter.answered === answered && counter.beyond.length === 0
        return { put: restartEntries(entries, answered, wentBack), counter: same ? counter : { answered, beyond: [] } }
      })
    }
  }
}
