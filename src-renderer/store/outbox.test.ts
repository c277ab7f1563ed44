// The outbox on the disk when things go wrong: killed between two writes, two windows at one moment, tombstones that must hold no words.
import { IDBFactory, IDBIndex } from 'fake-indexeddb'
import { filter, firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { OperationOf } from '../../protocol/operations.ts'
import { newId } from '../../protocol/values.ts'
import { indexedDbStorage } from './device-storage.ts'
import type { Store } from './open-store.ts'
import { accepted, refused } from './sync-store.contract.ts'
import type { OutboxEntry } from './sync-store.ts'
import { KilledError, mortalStorage, testDevice, watchedStorage } from './testing/device.ts'
import type { OwnWindow } from './testing/device.ts'

const roomId = newId()

function bodyOf({ operation }: OutboxEntry): string {
  return (operation as OperationOf<'message.send'>).body
}

/** Reads IndexedDB past everything: each stored row as JSON. */
async function rawRows(disk: IDBFactory, collection: string): Promise<string[]> {
  const name = (await disk.databases()).find((each) => each.name?.endsWith(`--0--${collection}`))!.name!
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(new Error('raw read failed', { cause: request.error })))
    })
  const database = await done(disk.open(name))
  const rows = await done(database.transaction('docs').objectStore('docs').getAll())
  database.close()
  return rows.map((row) => JSON.stringify(row))
}

describe('outbox', () => {
  let device = testDevice()
  afterEach(async () => {
    await device.close()
    device = testDevice()
  })

  describe('killed between two writes', () => {
    /** What the test knows for sure, because a call resolved before the kill. */
    interface Known {
      written: Set<string>
      /** By operation id: what a push may have carried. */
      transmitted: Map<string, number>
      answered: number
    }

    /** A device's life: writes, numbers, answers, a retry, a discard. `known` grows as calls resolve. */
    async function live({ chat: { commands }, sync }: Store, known: Known, atOnce: boolean): Promise<void> {
      sync.numberNew(() => atOnce)
      const send = async (body: string): Promise<void> => {
        await commands.sendMessage(roomId, body)
        known.written.add(body)
      }
      const number = async (limit: number): Promise<OutboxEntry[]> => {
        const numbered = await sync.numberPending(limit)
        for (const { id, n } of numbered) known.transmitted.set(id, n!)
        return numbered
      }
      for (const body of ['a', 'b', 'c']) await send(body)
      const [a, b] = await number(2)
      await sync.storeAnswers(1, [accepted(a!), refused(b!)])
      known.answered = 2
      await commands.retry(b!.id)
      await send('d')
      const again = await number(2)
      await sync.removeEntries([a!.id])
      await sync.storeAnswers(1, [refused(again[0]!)])
      known.answered = 3
      await commands.discard(again[0]!.id)
      await send('e')
      await number(10)
    }

    it.each([
      ['after it', false],
      ['with it', true]
    ])(
      '[S2] [S2.2] [D4] at every one of its writes, numbers given %s: nothing is lost or doubled, no number twice, none left out',
      async (_, atOnce) => {
        let deaths = 0
        for (let lives = 0; ; lives++) {
          device = testDevice()
          const known: Known = { written: new Set(), transmitted: new Map(), answered: 0 }
          const store = await device.open({ storage: mortalStorage(device.disk, ['outbox'], lives) })
          const death = await live(store, known, atOnce).then(
            () => undefined,
            (error: unknown) => error
          )
          if (death && !(death instanceof KilledError)) throw death
          await device.close()

          const { sync } = await device.open()
          const entries = await sync.loadOutbox()
          const bodies = entries.map(bodyOf)
          expect(new Set(bodies).size, `killed at write ${lives}: ${bodies.join()}`).toBe(bodies.length)
          // What was written is there still, but for what this life itself removes: a when its record came, c when it was discarded.
          const removable = new Set(['a', 'c'])
          expect(bodies).toEqual(expect.arrayContaining([...known.written].filter((body) => !removable.has(body))))
          expect(await sync.loadAnswered()).toBeGreaterThanOrEqual(known.answered)
          const answered = await sync.loadAnswered()
          const numbered = await sync.numberPending(100)
          expect(numbered.map(({ n }) => n)).toEqual(numbered.map((_, index) => answered + index + 1))
          const before = new Map([...known.transmitted].map(([id, n]) => [n, id]))
          for (const { id, n } of numbered) expect(before.get(n!) ?? id, `number ${n} again`).toBe(id)
          await device.close()
          if (!death) break
          deaths++
        }
        expect(deaths).toBeGreaterThan(10)
      },
      60_000
    )

    it('[S2] a number that was given with the first write survives, and is the one that is transmitted', async () => {
      const store = await device.open()
      store.sync.numberNew(() => true)
      await store.chat.commands.sendMessage(roomId, 'a')
      await device.close()
      const { sync } = await device.open()
      expect((await sync.loadOutbox()).map(({ n }) => n)).toEqual([1])
      expect((await sync.numberPending(0)).map(({ n }) => n)).toEqual([1])
    })

    it('[S2.2] another window that retries before the counter was written does not free the number', async () => {
      const { chat, sync } = await device.open({ storage: mortalStorage(device.disk, ['outbox'], 3) })
      await chat.commands.sendMessage(roomId, 'a')
      const [a] = await sync.numberPending(1)
      const second = await device.openOwnWindow()
      // The entry is written, the counter is not: the window that syncs dies in between.
      await expect(sync.storeAnswers(1, [refused(a!)])).rejects.toThrow(KilledError)
      await second.commands.retry(a!.id)
      expect(await second.sync.loadAnswered()).toBe(1)
      expect((await second.sync.numberPending(1)).map(({ n }) => n)).toEqual([2])
    })

    it('[S2.2] an entry that leaves before the counter was written does not free its number', async () => {
      const { chat, sync } = await device.open({ storage: mortalStorage(device.disk, ['outbox'], 3) })
      await chat.commands.sendMessage(roomId, 'a')
      const [a] = await sync.numberPending(1)
      const second = await device.openOwnWindow()
      await expect(sync.storeAnswers(1, [accepted(a!)])).rejects.toThrow(KilledError)
      await second.sync.removeEntries([a!.id])
      expect(await second.sync.loadAnswered()).toBe(1)
    })
  })

  describe('two windows', () => {
    /** A store whose next write waits until `interloper` is through: what it has read is old by then. */
    async function interrupted(
      interloper: (second: OwnWindow) => Promise<unknown>
    ): Promise<Store & { arm: () => void }> {
      const second = await device.openOwnWindow()
      let armed = false
      const storage = watchedStorage(device.disk, ['outbox'], async () => {
        if (!armed) return
        armed = false
        await interloper(second)
      })
      return Object.assign(await device.open({ storage }), { arm: () => (armed = true) })
    }

    it('[S2] a number that was given with the first write and is taken by then is set right by who hears of the entry', async () => {
      const { chat, sync, arm } = await interrupted(async (second) => {
        await second.commands.sendMessage(roomId, 'theirs')
        await second.sync.numberPending(1)
      })
      sync.numberNew(() => true)
      const heard = new Promise<readonly OutboxEntry[]>((resolve, reject) => {
        sync.watchOutbox().subscribe((entries) => {
          if (entries.some((entry) => bodyOf(entry) === 'mine')) sync.numberPending(1).then(resolve, reject)
        })
      })
      await sync.loadAnswered()
      arm()
      await chat.commands.sendMessage(roomId, 'mine')
      const numbered = await heard
      expect(numbered.map(bodyOf).toSorted()).toEqual(['mine', 'theirs'])
      expect(numbered.map(({ n }) => n)).toEqual([1, 2])
      expect((await sync.loadOutbox()).map(({ n }) => n)).toEqual([1, 2])
    })

    it('an entry with a number goes out without another look at the disk, as of the write that brought it', async () => {
      const { chat, sync } = await device.open()
      sync.numberNew(() => true)
      const reads = vi.spyOn(IDBIndex.prototype, 'getAll')
      const looks: number[] = []
      const heard = new Promise<readonly OutboxEntry[]>((resolve, reject) => {
        sync.watchOutbox().subscribe((entries) => {
          if (entries.length === 0) return
          looks.push(reads.mock.calls.length)
          sync.numberPending(1).then(resolve, reject)
          looks.push(reads.mock.calls.length)
        })
      })
      await sync.loadAnswered()
      await chat.commands.sendMessage(roomId, 'a')
      expect((await heard).map(({ n }) => n)).toEqual([1])
      expect(looks[1]).toBe(looks[0])
      await sync.numberPending(1)
      expect(reads.mock.calls.length).toBeGreaterThan(looks[1]!)
      reads.mockRestore()
    })

    it('[S2] an entry that goes between the reading and the writing of numbers leaves no gap', async () => {
      const { chat, sync, arm } = await interrupted(async (second) => {
        const { entries } = await second.outbox.load()
        expect(await second.commands.discard(entries[1]!.id)).toBe(true)
      })
      for (const body of ['a', 'b', 'c', 'd']) await chat.commands.sendMessage(roomId, body)
      arm()
      const numbered = await sync.numberPending(3)
      expect(numbered.map((entry) => [bodyOf(entry), entry.n])).toEqual([
        ['a', 1],
        ['c', 2],
        ['d', 3]
      ])
    })

    it.each([
      ['a message', 0],
      ['a message with its number', 1]
    ])(
      '[S2] a number that is given with the first write, while the other window writes %s, is set right before it counts',
      async (_, count) => {
        const { chat, sync, arm } = await interrupted(async (second) => {
          await second.commands.sendMessage(roomId, 'the other')
          await second.sync.numberPending(count)
        })
        sync.numberNew(() => true)
        arm()
        await chat.commands.sendMessage(roomId, 'one')
        const given = await sync.loadOutbox()
        expect(given.find((entry) => bodyOf(entry) === 'one')?.n).toBe(1)
        const numbered = await sync.numberPending(1 - count)
        expect(numbered.map(({ n }) => n)).toEqual([1, 2])
        expect(new Set(numbered.map(bodyOf))).toEqual(new Set(['one', 'the other']))
        expect(await sync.loadOutbox()).toEqual(numbered)
      }
    )

    it('[S2] what the other window has written waits for its turn, before what is said now', async () => {
      const { chat, sync } = await device.open()
      const second = await device.openOwnWindow()
      sync.numberNew(() => true)
      await second.commands.sendMessage(roomId, 'first')
      await firstValueFrom(sync.watchOutbox().pipe(filter(({ length }) => length === 1)))
      await chat.commands.sendMessage(roomId, 'second')
      expect((await sync.loadOutbox()).map(({ n }) => n)).toEqual([null, null])
      expect((await sync.numberPending(10)).map(bodyOf)).toEqual(['first', 'second'])
    })

    it('[S2] discarding an entry that gets its number in between comes too late', async () => {
      const { chat, sync, arm } = await interrupted((second) => second.sync.numberPending(1))
      await chat.commands.sendMessage(roomId, 'a')
      const [entry] = await sync.loadOutbox()
      arm()
      expect(await chat.commands.discard(entry!.id)).toBe(false)
      expect(await sync.loadOutbox()).toMatchObject([{ id: entry!.id, n: 1, state: 'pending' }])
    })

    it('[S2] a retry of what the other window retries in between changes nothing', async () => {
      let refusedId = ''
      const { chat, sync, arm } = await interrupted((second) => second.commands.retry(refusedId))
      await chat.commands.sendMessage(roomId, 'once')
      const [entry] = await sync.numberPending(1)
      await sync.storeAnswers(1, [refused(entry!)])
      refusedId = entry!.id
      arm()
      await chat.commands.retry(refusedId)
      expect((await sync.loadOutbox()).map((each) => [bodyOf(each), each.state])).toEqual([['once', 'pending']])
    })

    it('[S6] a retry between the reading and the writing of answers is not refused by them', async () => {
      let refusedId = ''
      const { chat, sync, arm } = await interrupted((second) => second.commands.retry(refusedId))
      for (const body of ['a', 'b']) await chat.commands.sendMessage(roomId, body)
      const [a, b] = await sync.numberPending(2)
      await sync.storeAnswers(1, [refused(a!)])
      refusedId = a!.id
      arm()
      await sync.storeAnswers(1, [refused(a!), accepted(b!)])
      expect((await sync.loadOutbox()).map((each) => [bodyOf(each), each.state])).toEqual([
        ['b', 'accepted'],
        ['a', 'pending']
      ])
      expect(await sync.loadAnswered()).toBe(2)
    })

    it('[S2] numbers given in both at one moment are contiguous and belong to one entry each', async () => {
      const { chat, sync } = await device.open()
      const second = await device.openOwnWindow()
      for (let i = 0; i < 10; i++) await (i % 2 ? chat : second).commands.sendMessage(roomId, `${i}`)
      await Promise.all([sync.numberPending(7), second.sync.numberPending(7), sync.numberPending(3)])
      const numbered = await second.sync.numberPending(100)
      expect(numbered.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect(new Set(numbered.map(({ id }) => id)).size).toBe(10)
    })

    it('[S2] discarding in one while the other numbers: either it goes, or it has a number, and there is no gap', async () => {
      const { chat, sync } = await device.open()
      const second = await device.openOwnWindow()
      for (let i = 0; i < 12; i++) await chat.commands.sendMessage(roomId, `${i}`)
      const written = await sync.loadOutbox()
      const doomed = written.filter((_, index) => index % 2 === 1)
      const [numbered, ...gone] = await Promise.all([
        sync.numberPending(12),
        ...doomed.map(({ id }) => second.commands.discard(id))
      ])
      expect(numbered.map(({ n }) => n)).toEqual(numbered.map((_, index) => index + 1))
      const removed = new Set(doomed.filter((_, index) => gone[index]).map(({ id }) => id))
      const left = await sync.numberPending(100)
      expect(left.map(({ id }) => id)).toEqual(written.map(({ id }) => id).filter((id) => !removed.has(id)))
      expect(left.map(({ n }) => n)).toEqual(left.map((_, index) => index + 1))
    })

    it('a retry in both at one moment makes one entry, under one new id', async () => {
      const { chat, sync } = await device.open()
      const second = await device.openOwnWindow()
      await chat.commands.sendMessage(roomId, 'once')
      const [entry] = await sync.numberPending(1)
      await sync.storeAnswers(1, [refused(entry!)])
      await Promise.all([chat.commands.retry(entry!.id), second.commands.retry(entry!.id)])
      const entries = await sync.loadOutbox()
      expect(entries).toHaveLength(1)
      expect(entries[0]).toMatchObject({ n: null, state: 'pending', operation: entry!.operation })
      expect(entries[0]!.id).not.toBe(entry!.id)
    })

    it('news of one entry that come late from the other window do not turn it back', async () => {
      const { chat, sync } = await device.open()
      const { own, outbox } = await device.openOwnWindow()
      await firstValueFrom(outbox.snapshots)
      const news = firstValueFrom(own.outbox.eventBulks$)
      await chat.commands.sendMessage(roomId, 'a')
      const old = await news
      const [entry] = await sync.loadOutbox()
      const gone = firstValueFrom(outbox.snapshots.pipe(filter(({ entries }) => entries.length === 0)))
      await chat.commands.discard(entry!.id)
      await gone
      own.outbox.database.$emit({ ...old, id: 'the same news, late' })
      expect((await outbox.latest()).entries).toEqual([])
    })

    it('what is written in one shows in the other, and the next place is behind it', async () => {
      const { chat, sync } = await device.open({ now: () => 9_000_000_000_000 })
      const second = await device.openOwnWindow()
      await firstValueFrom(second.outbox.snapshots)
      await chat.commands.sendMessage(roomId, 'from a clock far ahead')
      await firstValueFrom(second.outbox.snapshots.pipe(filter(({ entries }) => entries.length === 1)))
      await second.commands.sendMessage(roomId, 'second')
      expect((await sync.loadOutbox()).map(bodyOf)).toEqual(['from a clock far ahead', 'second'])
    })
  })

  it('[S16] storing answers and taking out what they were for reads nothing, however much waits', async () => {
    const { own, commands, sync } = await device.openOwnWindow()
    for (let at = 0; at < 40; at++) await commands.sendMessage(roomId, `words ${at}`)
    const numbered = await sync.numberPending(20)
    const { originalStorageInstance: disk } = own.outbox.storageInstance as unknown as {
      originalStorageInstance: { readRange(range: unknown): Promise<unknown[]> }
    }
    const read = vi.spyOn(disk, 'readRange')
    await sync.storeAnswers(1, numbered.map(accepted))
    await sync.removeEntries(numbered.map(({ id }) => id))
    expect(read).not.toHaveBeenCalled()
    expect((await sync.loadOutbox()).map(bodyOf)).toEqual(Array.from({ length: 20 }, (_, at) => `words ${at + 20}`))
    expect(await sync.loadAnswered()).toBe(20)
  })

  it('[S5] entries stand in order of writing although the clock goes backwards, also across a restart', async () => {
    let clock = 2_000_000
    for (const body of ['a', 'b', 'c']) {
      const { chat } = await device.open({ now: () => clock })
      await chat.commands.sendMessage(roomId, body)
      await device.close()
      clock -= 500_000
    }
    const { sync } = await device.open()
    expect((await sync.loadOutbox()).map(bodyOf)).toEqual(['a', 'b', 'c'])
  })

  it('what one says is shown from the moment it is said, once, and never goes on its way to the disk', async () => {
    const { commands, outbox } = await device.openOwnWindow()
    await firstValueFrom(outbox.shown)
    const seen: (string | undefined)[][] = []
    const looking = outbox.shown.subscribe((entries) => seen.push(entries.map(bodyOf)))
    const bodies = ['a', 'b', 'c']
    const sending = bodies.map((body) => commands.sendMessage(roomId, body))
    await Promise.all(sending)
    await commands.sendMessage(roomId, 'd')
    looking.unsubscribe()
    expect(seen.at(-1)).toEqual([...bodies, 'd'])
    for (const [nth, shown] of seen.entries()) {
      expect(shown, `look ${nth}`).toEqual([...bodies, 'd'].slice(0, shown.length))
      expect(shown.length).toBeGreaterThanOrEqual(seen[nth - 1]?.length ?? 0)
    }
  })

  it('[S4] many written in one moment keep their order on the disk', async () => {
    const { chat, sync } = await device.open()
    const bodies = Array.from({ length: 50 }, (_, index) => `${index}`)
    await Promise.all(bodies.map((body) => chat.commands.sendMessage(roomId, body)))
    expect((await sync.numberPending(100)).map(bodyOf)).toEqual(bodies)
  })

  it('[S13] what leaves the outbox leaves no words on the disk, drafts neither', async () => {
    const { chat, sync } = await device.open()
    await chat.commands.sendMessage(roomId, 'secret words')
    await chat.commands.sendMessage(roomId, 'discarded secret words')
    await chat.commands.saveDraft(roomId, 'unfinished secret words')
    expect((await rawRows(device.disk, 'outbox')).join()).toContain('secret words')
    const [entry] = await sync.numberPending(1)
    await sync.storeAnswers(1, [accepted(entry!)])
    await sync.removeEntries([entry!.id])
    expect(await chat.commands.discard((await sync.loadOutbox())[0]!.id)).toBe(true)
    await chat.commands.saveDraft(roomId, '')
    for (const collection of ['outbox', 'drafts']) {
      expect((await rawRows(device.disk, collection)).join()).not.toContain('secret')
    }
    expect(await chat.queries.loadDraft(roomId)).toBe('')
  })

  it('tombstones are purged once no window can hold what they replaced', async () => {
    const { chat, sync } = await device.open()
    await chat.commands.sendMessage(roomId, 'a')
    expect(await chat.commands.discard((await sync.loadOutbox())[0]!.id)).toBe(true)
    const before = await rawRows(device.disk, 'outbox')
    expect(before.filter((row) => row.includes('"_deleted":"1"'))).toHaveLength(1)
    await device.close()
    const realNow = Date.now
    try {
      Date.now = () => realNow() + 11 * 60 * 1000
      await device.open()
      expect(await rawRows(device.disk, 'outbox')).toEqual([])
    } finally {
      Date.now = realNow
    }
  })

  it('a disk that refuses a write makes the command fail, and the next one works', async () => {
    const storage = indexedDbStorage(device.disk)
    const create = storage.rx.createStorageInstance.bind(storage.rx)
    let full = false
    storage.rx.createStorageInstance = async (params) => {
      const instance = await create(params)
      const bulkWrite = instance.bulkWrite.bind(instance)
      instance.bulkWrite = (rows, context) => {
        if (full) return Promise.reject(new DOMException('disk is full', 'QuotaExceededError'))
        return bulkWrite(rows, context)
      }
      return instance
    }
    const { chat, sync } = await device.open({ storage })
    full = true
    const noSpace = { name: 'StorageFullError', cause: { message: 'disk is full' } }
    await expect(chat.commands.sendMessage(roomId, 'a')).rejects.toMatchObject(noSpace)
    await expect(chat.commands.saveDraft(roomId, 'a')).rejects.toMatchObject(noSpace)
    full = false
    await chat.commands.sendMessage(roomId, 'b')
    await chat.commands.saveDraft(roomId, 'b')
    expect((await sync.loadOutbox()).map(bodyOf)).toEqual(['b'])
    expect(await chat.queries.loadDraft(roomId)).toBe('b')
  })

  describe('while words are on their way to the disk', () => {
    /** The bodies in the timeline, whenever they change, without what is the same as before. */
    function bodiesSeen({ chat }: Store): string[] {
      const seen: string[] = []
      chat.queries.watchTimeline(roomId, 1).subscribe(({ items }) => {
        const now = items.map(({ body, state }) => `${body} ${state?.name}`).join()
        if (now !== seen.at(-1)) seen.push(now)
      })
      return seen
    }

    it('they are on the screen, and not yet among what may be sent [S2]', async () => {
      let open = (): void => {}
      let written = (): void => {}
      const arrived = new Promise<void>((resolve) => (written = resolve))
      const gate = new Promise<void>((resolve) => (open = resolve))
      const storage = watchedStorage(device.disk, ['outbox'], async () => {
        written()
        await gate
      })
      const store = await device.open({ storage })
      const seen = bodiesSeen(store)
      await firstValueFrom(store.chat.queries.watchTimeline(roomId, 1))
      const sending = store.chat.commands.sendMessage(roomId, 'at once')
      await arrived
      const shown = store.chat.queries.watchTimeline(roomId, 1).pipe(filter(({ items }) => items.length > 0))
      await firstValueFrom(shown)
      expect(seen).toEqual(['', 'at once waiting'])
      expect(await store.sync.loadOutbox()).toEqual([])
      expect(await firstValueFrom(store.sync.watchOutbox())).toEqual([])
      open()
      await sending
      expect((await store.sync.loadOutbox()).map(bodyOf)).toEqual(['at once'])
      // Once, without a moment in which it was gone.
      expect(seen).toEqual(['', 'at once waiting'])
    })

    it('and go again when the disk refuses them', async () => {
      const shown = { seen: (): void => {} }
      const storage = watchedStorage(device.disk, ['outbox'], async () => {
        await new Promise<void>((resolve) => (shown.seen = resolve))
        throw new KilledError('killed')
      })
      const store = await device.open({ storage })
      const seen = bodiesSeen(store)
      await firstValueFrom(store.chat.queries.watchTimeline(roomId, 1))
      const sending = store.chat.commands.sendMessage(roomId, 'never')
      await firstValueFrom(store.chat.queries.watchTimeline(roomId, 1).pipe(filter(({ items }) => items.length > 0)))
      shown.seen()
      await expect(sending).rejects.toThrow(KilledError)
      const gone = store.chat.queries.watchTimeline(roomId, 1).pipe(filter(({ items }) => items.length === 0))
      await firstValueFrom(gone)
      expect(seen.slice(0, 2)).toEqual(['', 'never waiting'])
    })
  })
})
