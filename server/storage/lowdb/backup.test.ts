// Backups of relays that run or stand still: what was acknowledged before is in them, nothing is torn, and who lacks what is told.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Changes } from '../../../protocol/socket.ts'
import { roomStream, userStream } from '../../../protocol/streams.ts'
import type { StreamId } from '../../../protocol/streams.ts'
import { silentLog } from '../../log.ts'
import { TestRelay } from '../../testing/relay-kit.ts'
import type { TestDevice } from '../../testing/test-device.ts'
import { withoutRev } from '../contract/fixtures.ts'
import { picture } from '../contract/pictures.ts'
import { backUp } from './backup.ts'
import { OperatorError } from './backup-client.ts'
import { lockDirectory } from './lock.ts'
import { readMarker, restore } from './restore.ts'
import { nodeFiles } from './files.ts'
import { openLowdbStorage } from './storage.ts'
import { cutOff, flipBit, hashOf, remove } from './testing/damage.ts'
import { watchedFiles } from './testing/watched-files.ts'
import { verify } from './verify.ts'

let place: string
let relay: TestRelay

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'maru-backup-'))
  relay = await TestRelay.start()
})
afterEach(async () => {
  await relay.stop()
  await rm(place, { recursive: true, force: true })
})

const now = () => Date.parse('2026-11-21T03:00:00.000Z')
const backUpTo = (name: string, options: Partial<Parameters<typeof backUp>[0]> = {}) =>
  backUp({ dataDir: relay.dataDir, target: join(place, name), now, ...options })

async function findingsIn(name: string): Promise<string[]> {
  const findings: string[] = []
  await verify({
    directory: join(place, name),
    report: ({ where, what }) => void findings.push(`${where}: ${what}`),
    note: (line) => void findings.push(line)
  })
  return findings
}

/** What a relay says of a stream from the start. */
async function changes(device: TestDevice, stream: StreamId, since = 0, epoch = 0): Promise<Changes> {
  const { results } = await device.pull({ kind: 'changes', stream, since, epoch })
  const [result] = results
  if (!result?.ok || result.kind !== 'changes') throw new Error(`no changes: ${JSON.stringify(result)}`)
  return result
}

describe('[S1] a backup', () => {
  it('of a running relay has everything that was acknowledged, and opens', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const device = await relay.connect(kim)
    const roomId = await device.createRoom(lee)
    for (let n = 1; n <= 20; n++) await device.send(roomId, `message ${n}`)
    expect(await backUpTo('one')).toMatchObject({ running: true })
    expect(await findingsIn('one')).toEqual([])
    expect(await readMarker(nodeFiles, join(place, 'one'))).toMatchObject({ madeAt: '2026-11-21T03:00:00.000Z' })
    const storage = await openLowdbStorage({ dataDir: join(place, 'one') })
    expect(await storage.headSeq(roomId)).toBe(21)
    expect(storage.relayId).toBe(relay.relay.storage.relayId)
    await storage.close()
  })

  it('of a relay that stands still is the same, and no relay starts on the data meanwhile', async () => {
    const kim = await relay.signUp('kim')
    await relay.relay.stop()
    let attempt: Promise<unknown> | undefined
    const files = watchedFiles(async (operation, path) => {
      if (operation !== 'append' || !path.startsWith(place)) return
      attempt ??= openLowdbStorage({ dataDir: relay.dataDir }).catch((error: unknown) => error)
      await attempt
    })
    const summary = await backUpTo('still', { files })
    expect(summary.running).toBe(false)
    expect(String(await attempt)).toMatch(/another relay is running/)
    expect(await findingsIn('still')).toEqual([])
    const storage = await openLowdbStorage({ dataDir: join(place, 'still') })
    expect(await storage.user(kim.user.id)).toMatchObject({ username: 'kim' })
    await storage.close()
  })

  it('is of one moment, whatever is committed and written between any two of its steps', async () => {
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const rooms = [await device.createRoom(), await device.createRoom()]
    let sent = 0
    let late = 0
    const files = watchedFiles(async (operation, path) => {
      if (operation !== 'read' || !path.startsWith(relay.dataDir) || late > 40) return
      late += 1
      // Message k is in the first room before it is in the second one.
      sent += 1
      for (const roomId of rooms) await device.send(roomId, `${sent}`)
      await (relay.relay.storage as unknown as { writeBack(): Promise<void> }).writeBack()
    })
    for (let round = 0; round < 3; round++) {
      late = 0
      const before = sent
      const name = `round-${round}`
      await backUpTo(name, { files })
      expect(late).toBeGreaterThan(3)
      expect(await findingsIn(name)).toEqual([])
      const storage = await openLowdbStorage({ dataDir: join(place, name) })
      const [first = 0, second = 0] = await Promise.all(rooms.map((roomId) => storage.headSeq(roomId)))
      expect(second).toBeGreaterThanOrEqual(before + 1)
      expect([second, second + 1]).toContain(first)
      await storage.close()
    }
  })

  it('has each picture that its records name, and no other, while they come and go', async () => {
    const people = await relay.signUpAll(['kim', 'lee', 'park'])
    const { storage } = relay.relay
    let changed = 0
    const change = async () => {
      changed += 1
      const { user } = people[changed % 3] ?? people[0]
      await storage.commit(['users'], async (draft) => {
        const face = picture(changed, 3_000)
        await draft.put('users', { ...withoutRev(user), ...(changed % 4 > 0 && { avatar: face.hash }) })
        draft.putAvatar(user.id, changed % 4 > 0 ? face : null)
      })
      if (changed % 2 === 0) await (storage as unknown as { writeBack(): Promise<void> }).writeBack()
    }
    const files = watchedFiles(async (operation, path) => {
      if (operation === 'read' && path.startsWith(relay.dataDir) && changed < 100) await change()
    })
    for (const name of ['one', 'two', 'three']) {
      const before = changed
      for (let n = 0; n < 5; n++) await change()
      await backUpTo(name, { files })
      expect(changed).toBeGreaterThan(before + 10)
      expect(await findingsIn(name)).toEqual([])
    }
    await relay.relay.stop()
    const dataDir = join(place, 'restored')
    await restore({ from: join(place, 'three'), dataDir, now })
    const restored = await openLowdbStorage({ dataDir })
    for (const { user } of people) {
      const { avatar: hash } = (await restored.user(user.id)) ?? {}
      expect((await restored.avatar(user.id))?.hash).toBe(hash)
    }
    await restored.close()
  })

  it('lets the relay go on in the meantime, and it lets go of its journal afterwards', async () => {
    const device = await relay.connect(await relay.signUp('kim'))
    const roomId = await device.createRoom()
    const storage = relay.relay.storage as unknown as { writeBack(): Promise<void> }
    const journals: number[] = []
    const note = async () => journals.push((await readdir(join(relay.dataDir, 'journal'))).length)
    let rounds = 0
    const files = watchedFiles(async (operation, path) => {
      if (operation !== 'append' || !path.startsWith(place) || rounds++ > 3) return
      await device.send(roomId, 'in the meantime')
      await storage.writeBack()
      await note()
    })
    await backUpTo('one', { files })
    expect(Math.max(...journals)).toBeGreaterThan(2)
    await device.send(roomId, 'after')
    await storage.writeBack()
    await note()
    expect(journals.at(-1)).toBe(1)
  })

  it('goes into an empty directory only, and not into the data', async () => {
    await mkdir(join(place, 'full'))
    await writeFile(join(place, 'full', 'something'), '')
    await expect(backUpTo('full')).rejects.toThrow(/is not empty \(there is something\): nothing was changed/)
    const inside = backUp({ dataDir: relay.dataDir, target: join(relay.dataDir, 'backup'), now })
    await expect(inside).rejects.toThrow(/lie in each other/)
    expect(await readdir(join(place, 'full'))).toEqual(['something'])
    await mkdir(join(place, 'empty'))
    await backUpTo('empty')
    expect(await findingsIn('empty')).toEqual([])
  })

  it('says that there is nothing, or that somebody else has the data', async () => {
    const nothing = backUp({ dataDir: join(place, 'nothing'), target: join(place, 'one'), now })
    await expect(nothing).rejects.toThrow(/There is no relay's data in/)
    await relay.relay.stop()
    const unlock = await lockDirectory(relay.dataDir)
    await expect(backUpTo('two')).rejects.toThrow(/is in use by a program that makes no backups/)
    await unlock()
  })

  it.each(['ENOSPC', 'EDQUOT'])('says that there is no space (%s), and leaves what no restore takes', async (code) => {
    let written = 0
    const files = watchedFiles((operation, path) => {
      if (operation === 'append' && path.startsWith(place) && written++ === 2)
        throw Object.assign(new Error('full'), { code })
    })
    await expect(backUpTo('small', { files })).rejects.toThrow(
      /There is no space left for .*small, which is incomplete/
    )
    const attempt = restore({ from: join(place, 'small'), dataDir: join(place, 'restored'), now })
    await expect(attempt).rejects.toThrow(/is no complete backup/)
    expect(await nodeFiles.readdir(join(place, 'restored'))).toEqual([])
  })

  it('cut short by a crash at any of its steps is none, and the relay goes on', async () => {
    const device = await relay.connect(await relay.signUp('kim'))
    const roomId = await device.createRoom()
    for (let steps = 1; ; steps++) {
      const name = `crash-${steps}`
      let step = 0
      const files = watchedFiles((operation, path) => {
        if (operation === 'read' || operation === 'readdir' || !path.startsWith(place)) return
        if (++step > steps) throw new Error('died')
      })
      const died = await backUpTo(name, { files }).then(
        () => false,
        (error: unknown) => String(error).includes('died')
      )
      const attempt = restore({ from: join(place, name), dataDir: join(place, `${name}-restored`), now })
      // The last steps only make names durable: the marker may be there.
      if (!died) {
        await attempt
        break
      }
      await attempt.then(
        async () => expect(await findingsIn(name)).toEqual([]),
        (error: unknown) => expect(String(error)).toMatch(/is no complete backup/)
      )
      await device.send(roomId, 'on and on')
    }
  })

  it.each(['relay.json', 'journal'])('fails if the relay stops while it copies %s', async (name) => {
    await relay.signUp('kim')
    let stopped: Promise<void> | undefined
    const files = watchedFiles(async (operation, path) => {
      if (operation === 'append' && path.startsWith(join(place, 'one', name))) await (stopped ??= relay.relay.stop())
    })
    await expect(backUpTo('one', { files })).rejects.toThrow(/The relay stopped in the middle/)
    await expect(readMarker(nodeFiles, join(place, 'one'))).rejects.toThrow(OperatorError)
  })

  it('costs a relay nothing if who made it is gone', async () => {
    const device = await relay.connect(await relay.signUp('kim'))
    const roomId = await device.createRoom()
    const script = `import { accessData } from ${JSON.stringify(new URL('backup-client.ts', import.meta.url).href)}
await accessData(process.argv[1]); process.stdout.write('kept'); setInterval(() => undefined, 1000)`
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, relay.dataDir]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    const storage = relay.relay.storage as unknown as { writeBack(): Promise<void> }
    const journals = async () => (await readdir(join(relay.dataDir, 'journal'))).length
    let kept = Infinity
    // The relay hears of it in a moment; the test would not end if it did not.
    while (kept > 1) {
      await device.send(roomId, 'more')
      await storage.writeBack()
      kept = await journals()
    }
    expect(kept).toBe(1)
  })
})

describe('[S10.2] a restored backup', () => {
  it('tells devices that are beyond it to read again, and they converge', async () => {
    const [kim, lee] = await relay.signUpAll(['kim', 'lee'])
    const device = await relay.connect(kim)
    const roomId = await device.createRoom(lee)
    const stream = roomStream(roomId)
    await device.send(roomId, 'before')
    await backUpTo('one')
    // More in the same epoch, then in one that the backup has never heard of.
    await device.send(roomId, 'lost in the same epoch')
    const sameEpoch = { epoch: device.welcome?.epoch ?? 0, rev: (await changes(device, stream)).head }
    await relay.restart()
    await device.connect()
    await device.send(roomId, 'lost in the next epoch')
    const nextEpoch = { epoch: device.welcome?.epoch ?? 0, rev: (await changes(device, stream)).head }
    const atBackup = { epoch: sameEpoch.epoch, rev: sameEpoch.rev - 1 }
    await relay.relay.stop()

    const dataDir = join(place, 'restored')
    expect(await restore({ from: join(place, 'one'), dataDir, now })).toMatchObject({ files: expect.any(Number) })
    const restored = await TestRelay.start({ openStorage: () => openLowdbStorage({ dataDir }) })
    const again = restored.device(kim)
    const welcome = await again.connect()
    expect(welcome.relay.id).toBe(device.welcome?.relay.id)
    expect(welcome.epoch).toBeGreaterThan(nextEpoch.epoch)
    // [S10.3] The counter is what it was at the backup: the device goes on from there.
    expect(welcome.answered).toBe(2)
    for (const { epoch, rev } of [sameEpoch, nextEpoch]) {
      expect(await changes(again, stream, rev, epoch)).toMatchObject({ reset: true, records: [] })
    }
    expect(await changes(again, stream, atBackup.rev, atBackup.epoch)).not.toHaveProperty('reset')

    again.n = welcome.answered
    await again.send(roomId, 'after')
    const other = await restored.connect(lee)
    const [mine, theirs] = [await changes(again, stream), await changes(other, stream)]
    expect(mine.records).toEqual(theirs.records)
    const bodies = mine.records.flatMap((record) => (record.type === 'message' ? [record.body] : []))
    expect(bodies).toEqual(['', 'before', 'after'])
    // Still so when the stream has gone beyond where they were.
    for (let n = 0; n < 5; n++) await again.send(roomId, 'on')
    for (const { epoch, rev } of [sameEpoch, nextEpoch]) {
      expect(await changes(again, stream, rev, epoch)).toMatchObject({ reset: true })
    }
    expect(await restored.relay.storage.wentBack(userStream(kim.user.id), { epoch: nextEpoch.epoch, rev: 1 })).toBe(
      true
    )
    await restored.stop()
  })

  it('[S8] is served in a later epoch than all that was lost, where the clock does not work too', async () => {
    await relay.relay.stop()
    const dataDir = join(place, 'data')
    const start = async (directory: string): Promise<number> => {
      const storage = await openLowdbStorage({ dataDir: directory, now: () => 0 })
      await storage.close()
      return storage.epoch
    }
    await start(dataDir)
    await backUp({ dataDir, target: join(place, 'one'), now: () => 0 })
    let lost = 0
    for (let starts = 0; starts < 30; starts++) lost = await start(dataDir)
    await restore({ from: join(place, 'one'), dataDir: join(place, 'two'), now: () => 0 })
    expect(await start(join(place, 'two'))).toBeGreaterThan(lost)
  })

  it('goes into an empty directory only, and is not changed by that', async () => {
    await relay.signUp('kim')
    await backUpTo('one')
    const before = await hashOf(join(place, 'one'))
    const onto = restore({ from: join(place, 'one'), dataDir: relay.dataDir, now })
    await expect(onto).rejects.toThrow(/is not empty .* nothing was changed\. Move it away first/)
    await restore({ from: join(place, 'one'), dataDir: join(place, 'two'), now })
    await openLowdbStorage({ dataDir: join(place, 'two'), log: silentLog }).then((storage) => storage.close())
    expect(await hashOf(join(place, 'one'))).toBe(before)
    expect((await readdir(join(place, 'two'))).toSorted()).toEqual(expect.arrayContaining(['journal', 'relay.json']))
    expect(await readdir(join(place, 'two'))).not.toContain('backup.json')
  })

  it('is refused if a file of it is not as it was written, unless that is wanted', async () => {
    await relay.signUp('kim')
    await relay.restart()
    const spoils: [string, (path: string) => Promise<void>, RegExp][] = [
      ['flipped', flipBit, /is not as the backup wrote it/],
      ['cut', (path) => cutOff(path, 1), /is not as the backup wrote it|length/],
      ['gone', remove, /is missing/]
    ]
    for (const [name, spoil, expected] of spoils) {
      await backUpTo(name)
      const [user = ''] = await readdir(join(place, name, 'users'))
      await spoil(join(place, name, 'users', user))
      expect((await findingsIn(name)).join('\n')).toMatch(expected)
      const attempt = restore({ from: join(place, name), dataDir: join(place, `${name}-restored`), now })
      await expect(attempt).rejects.toThrow(/is not as the backup wrote it|is missing/)
      await restore({ from: join(place, name), dataDir: join(place, `${name}-anyway`), now, anyway: true })
    }
  })

  it('is not taken for complete if something was put into it', async () => {
    await relay.signUp('kim')
    await backUpTo('one')
    await writeFile(join(place, 'one', 'invites.json'), 'x')
    expect((await findingsIn('one')).join('\n')).toMatch(/invites\.json: is not (of this backup|as the backup)/)
  })
})

it('whoever only asks whether somebody has the data is answered by a relay of any version', async () => {
  await relay.relay.stop()
  const server = createServer((socket) => socket.end('held'))
  await new Promise<void>((resolve) => server.listen(join(relay.dataDir, '0123456789ab.lock'), resolve))
  await expect(lockDirectory(relay.dataDir)).rejects.toThrow(/another relay is running/)
  await expect(backUpTo('one')).rejects.toThrow(OperatorError)
  await new Promise((resolve) => server.close(resolve))
})
