// What else goes wrong with a disk: directories that cannot be used, flushes and renamings that fail, reads that fail, clocks that jump.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { edit, readChanges, readPages, ROOM, ROOM_STREAM, send, upTo, uuid } from '../contract/fixtures.ts'
import { gate } from '../../testing/relay-kit.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { TestDirectory } from './testing/directory.ts'
import { RelayProcess } from './testing/relay-process.ts'
import { SmallDisk } from './testing/small-disk.ts'
import { watchedFiles } from './testing/watched-files.ts'
import type { Operation } from './testing/watched-files.ts'

const LARGE = { limit: 200, maxBytes: 10_000_000 }

let directory: TestDirectory
beforeEach(async () => {
  directory = await TestDirectory.make()
})
afterEach(() => directory.dispose())

const ids = async (storage: LowdbStorage) => (await readPages(storage, ROOM, LARGE)).flat().map(({ id }) => id)
const sent = (count: number) => upTo(count).map((n) => uuid('message', n))

describe('a directory that cannot be used', () => {
  it.each([
    ['where nothing can be made', async () => '/proc/x', 'ENOENT'],
    [
      'that is a file',
      async () => {
        await writeFile(join(directory.path, 'file'), '')
        return join(directory.path, 'file')
      },
      'ENOTDIR'
    ]
  ])(
    '%s is told in one sentence',
    async (_, dataDir, code) => {
      const path = await dataDir()
      await expect(RelayProcess.start(path)).rejects.toThrow(`DATA_DIR is ${path}, which cannot be used: ${code}.`)
    },
    30_000
  )

  const obstacle = SmallDisk.obstacle
  it.skipIf(obstacle !== undefined)(
    `that can only be read is told in one sentence ${obstacle ?? ''}`,
    async () => {
      const disk = SmallDisk.mount(4)
      try {
        disk.onlyRead()
        await expect(RelayProcess.start(join(disk.path, 'data'))).rejects.toThrow('which cannot be used: EROFS.')
        disk.readAndWrite()
        const storage = await directory.open({ dataDir: join(disk.path, 'data') })
        await send(storage, ROOM, 1, 3)
        await storage.close()
        disk.onlyRead()
        await expect(RelayProcess.start(join(disk.path, 'data'))).rejects.toThrow('which cannot be used: EROFS.')
      } finally {
        disk.unmount()
      }
    },
    30_000
  )
})

describe('segments that cannot be written', () => {
  it('and are too many for memory: trouble lasts until they can be, also if the disk takes other files', async () => {
    let isBroken = false
    const files = watchedFiles((operation, path) => {
      if (isBroken && operation === 'rename' && /\d{6}\.json$/.test(path)) throw new Error('not this one')
    })
    let look = (): void => undefined
    let looksAgain = gate()
    const timer = (ms: number, run: () => void) => {
      if (ms === 5_000) {
        look = run
        looksAgain.open()
      }
      return () => undefined
    }
    const storage = await directory.open({ files, timer, limits: { segmentBytes: 1, heldBytes: 1 } })
    await send(storage, ROOM, 1, 3)
    await storage.writeBack()
    isBroken = true
    await edit(storage, ROOM, 1, 'into memory')
    await expect(edit(storage, ROOM, 2, 'too much')).rejects.toThrow('could not store')
    expect(storage.trouble).toBeDefined()

    const turns: boolean[] = []
    let turned = gate()
    storage.watchTrouble(() => {
      turns.push(storage.trouble !== undefined)
      turned.open()
    })
    looksAgain = gate()
    look()
    await Promise.race([looksAgain.opened, turned.opened])
    expect(turns).toEqual([])

    isBroken = false
    turned = gate()
    look()
    await turned.opened
    expect(turns).toEqual([false])
    expect(await edit(storage, ROOM, 2, 'fits again')).toMatchObject({ body: 'fits again' })
  })
})

describe('a step that fails', () => {
  const steps: [Operation, RegExp][] = [
    ['create', /room\.json\.next$/],
    ['append', /000001\.json\.next$/],
    ['datasync', /room\.json\.next$/],
    ['rename', /000001\.json$/],
    ['syncDirectory', /rooms.[^/]+$/],
    ['syncDirectory', /rooms$/],
    ['rename', /relay\.json$/],
    ['datasync', /relay\.json\.next$/],
    ['syncDirectory', /journal$/],
    ['unlink', /\.jsonl$/]
  ]

  it.each(steps)(
    '[S1] once (%s of %s), while documents are written: nothing is lost, and they are written later',
    async (operation, path) => {
      let left = 0
      const files = watchedFiles((each, at) => {
        if (each === operation && path.test(at) && left > 0) {
          left -= 1
          throw Object.assign(new Error('EIO'), { code: 'EIO' })
        }
      })
      const storage = await directory.open({ files })
      await send(storage, ROOM, 1, 20, 1)
      await storage.writeBack()
      left = 1
      await edit(storage, ROOM, 3, 'edited')
      await send(storage, ROOM, 21, 22, 1)
      await expect(storage.writeBack()).rejects.toThrow('EIO')
      expect(left).toBe(0)
      const died = await directory.open({ dataDir: directory.crash() })
      expect(await ids(died)).toEqual(sent(22))
      await send(storage, ROOM, 23, 23)
      await storage.writeBack()
      expect(directory.journal()).toHaveLength(1)
      const later = await directory.open({ dataDir: directory.crash() })
      expect(await readChanges(later, ROOM_STREAM)).toEqual(await readChanges(storage, ROOM_STREAM))
      expect(await ids(later)).toEqual(sent(23))
    }
  )

  it.each(steps.filter(([operation]) => operation !== 'unlink'))(
    'for ever (%s of %s) keeps a start from serving or is no matter, and changes nothing',
    async (operation, path) => {
      const first = await directory.open()
      await send(first, ROOM, 1, 20, 1)
      const dataDir = directory.crash()
      const files = watchedFiles((each, at) => {
        if (each === operation && path.test(at)) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      })
      const served = await directory.open({ dataDir, files }).then(ids, (error: unknown) => [String(error)])
      expect(served.join().includes('EIO') ? sent(20) : served).toEqual(sent(20))
      const next = await directory.open({ dataDir: directory.crash(dataDir) })
      expect(await ids(next)).toEqual(sent(20))
    }
  )

  it('to read a segment hurts only who asks for it, and only as long as it fails', async () => {
    let fails = false
    const files = watchedFiles((operation, path) => {
      if (fails && operation === 'read' && path.endsWith('000001.json'))
        throw Object.assign(new Error('EIO'), { code: 'EIO' })
    })
    const first = await directory.open()
    await send(first, ROOM, 1, 700)
    await first.close()
    const storage = await directory.open({ files })
    fails = true
    await expect(storage.page(ROOM, { ...LARGE, before: 300 })).rejects.toThrow('EIO')
    await expect(edit(storage, ROOM, 7, 'edited')).rejects.toThrow('EIO')
    expect((await storage.page(ROOM, LARGE)).messages).toHaveLength(200)
    expect((await send(storage, ROOM, 701, 701))[0]?.seq).toBe(701)
    fails = false
    expect((await edit(storage, ROOM, 7, 'edited')).body).toBe('edited')
    expect(await ids(storage)).toEqual(sent(701))
  })
})

describe('a clock', () => {
  it('[S10.1] that jumps by years, forth and back, changes neither order nor the numbers of epochs', async () => {
    let count = 0
    let before = 0
    for (const now of [1_800_000_000_000, 0, 8_640_000_000_000_000, 1_700_000_000_000, 5]) {
      const storage = await directory.open({ now: () => now })
      expect(storage.epoch).toBeGreaterThan(before)
      expect(Number.isSafeInteger(storage.epoch)).toBe(true)
      before = storage.epoch
      count += 1
      await send(storage, ROOM, count, count)
      expect(await ids(storage)).toEqual(sent(count))
      expect(await storage.wentBack(ROOM_STREAM, { epoch: before, rev: count })).toBe(false)
      await storage.close()
    }
  })
})
