// Messages that are shown while they are being stored: by themselves, and with the real store around them.
import { BehaviorSubject, filter, firstValueFrom, ReplaySubject } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { roomStream } from '../../protocol/streams.ts'
import { createArriving } from './arriving.ts'
import { messageKey } from './schemas.ts'
import type { MessageRow } from './schemas.ts'
import { messageRecord, roomId } from './sync-store.contract.ts'
import { testDevice, watchedStorage } from './testing/device.ts'

function row(seq: number, rev = seq, epoch = 1, body = `message ${seq}`): MessageRow {
  const id = `id ${seq}`
  return { ...messageRecord(seq, rev, body, id), key: messageKey(roomId, id), epoch }
}

/** A write that the test ends. */
function aWrite(): { done: Promise<void>; end: () => void; fail: () => void } {
  let [end, fail] = [(): void => {}, (): void => {}]
  const done = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = () => reject(new Error('the disk refuses'))
  })
  return { done, end, fail }
}

describe('what is arriving', () => {
  const held = (...rows: MessageRow[]) => new Map(rows.map((each) => [each.key, each]))

  /** The bodies beside what is stored, whenever they change. */
  function watched(
    stored: BehaviorSubject<ReadonlyMap<string, MessageRow>>,
    includes: (row: MessageRow) => boolean = () => true
  ) {
    const arriving = createArriving()
    const seen: string[] = []
    arriving.beside(stored, includes).subscribe((rows) => {
      const bodies = [...rows.values()].map(({ body }) => body).join()
      if (bodies !== seen.at(-1)) seen.push(bodies)
    })
    return { arriving, seen }
  }

  it('is there until it is stored, and then no second time and without a gap', async () => {
    const stored = new BehaviorSubject<ReadonlyMap<string, MessageRow>>(held(row(1)))
    const { arriving, seen } = watched(stored)
    const write = aWrite()
    arriving.show([row(2)], write.done)
    stored.next(held(row(1), row(2)))
    write.end()
    await write.done
    expect(seen).toEqual(['message 1', 'message 1,message 2'])
  })

  it('goes again if it could not be stored', async () => {
    const { arriving, seen } = watched(new BehaviorSubject<ReadonlyMap<string, MessageRow>>(held(row(1))))
    const write = aWrite()
    arriving.show([row(2)], write.done)
    write.fail()
    await expect(write.done).rejects.toThrow('refuses')
    expect(seen).toEqual(['message 1', 'message 1,message 2', 'message 1'])
  })

  it('does not come and go with each try of a full device, and is shown again once one has succeeded', async () => {
    const { arriving, seen } = watched(new BehaviorSubject<ReadonlyMap<string, MessageRow>>(held(row(1))))
    const writes = [aWrite(), aWrite(), aWrite()] as const
    arriving.show([row(2)], writes[0].done)
    writes[0].fail()
    await expect(writes[0].done).rejects.toThrow('refuses')
    const before = [...seen]
    arriving.show([row(2)], writes[1].done)
    expect(seen).toEqual(before)
    writes[1].end()
    await writes[1].done
    arriving.show([row(3)], writes[2].done)
    expect(seen.at(-1)).toBe('message 1,message 3')
  })

  it('[S8] stands in for what is stored only where it is newer by epoch and rev', () => {
    const stored = new BehaviorSubject<ReadonlyMap<string, MessageRow>>(held(row(1, 5, 2, 'stored')))
    const { arriving, seen } = watched(stored)
    for (const [rev, epoch] of [
      [9, 1],
      [4, 2],
      [5, 2]
    ]) {
      arriving.show([row(1, rev, epoch, 'older')], aWrite().done)
    }
    expect(seen).toEqual(['stored'])
    arriving.show([row(1, 6, 2, 'edited')], aWrite().done)
    expect(seen).toEqual(['stored', 'edited'])
  })

  it('shows where it belongs, and not in masses', () => {
    const stored = new BehaviorSubject<ReadonlyMap<string, MessageRow>>(held(row(1)))
    const { arriving, seen } = watched(stored, ({ seq }) => seq < 3)
    arriving.show([row(3)], aWrite().done)
    arriving.show(
      Array.from({ length: 9 }, () => row(2)),
      aWrite().done
    )
    expect(seen).toEqual(['message 1'])
    arriving.show([row(2)], aWrite().done)
    expect(seen).toEqual(['message 1', 'message 1,message 2'])
  })
})

describe('messages of a room that is looked at', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  /** A message comes while the disk takes its time, which `settle` ends: what is seen in its room, and whether sync was told meanwhile. */
  async function comes(settle: (write: ReturnType<typeof aWrite>) => void) {
    const write = aWrite()
    let began = (): void => {}
    const writing = new Promise<void>((resolve) => (began = resolve))
    const storage = watchedStorage(device.disk, ['messages'], async () => {
      began()
      await write.done
    })
    const { chat, sync } = await device.open({ storage, paceMs: 0 })
    const seen: string[] = []
    const shown = new ReplaySubject<string>(1)
    chat.queries.watchTimeline(roomId, 1).subscribe(({ items }) => shown.next(items.map(({ body }) => body).join()))
    shown.subscribe((now) => {
      if (now !== seen.at(-1)) seen.push(now)
    })
    const until = async (bodies: string): Promise<string> => firstValueFrom(shown.pipe(filter((now) => now === bodies)))
    await until('')
    let told = false
    const applied = sync.applyRecords(roomStream(roomId), 1, [messageRecord(2), messageRecord(1)])
    const outcome = applied.then(
      () => 'stored',
      () => 'failed'
    )
    void outcome.then(() => (told = true))
    await writing
    await until('message 1,message 2')
    const toldBefore = told
    settle(write)
    return { outcome: await outcome, toldBefore, seen, until }
  }

  it('[S10] are shown while they are being written; sync, and so the checkpoint, waits for the disk', async () => {
    const { outcome, toldBefore, seen } = await comes(({ end }) => end())
    expect([toldBefore, outcome]).toEqual([false, 'stored'])
    expect(seen).toEqual(['', 'message 1,message 2'])
  })

  it('[S10] go again when the disk refuses them', async () => {
    const { outcome, seen, until } = await comes(({ fail }) => fail())
    await until('')
    expect(outcome).toBe('failed')
    expect(seen).toEqual(['', 'message 1,message 2', ''])
  })
})
