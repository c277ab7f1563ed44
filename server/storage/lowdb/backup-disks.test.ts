// Backups on real disks that are full, or can only be read.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../protocol/values.ts'
import { TestRelay } from '../../testing/relay-kit.ts'
import { backUp } from './backup.ts'
import { restore } from './restore.ts'
import { findingsIn } from './testing/relay-left.ts'
import { SmallDisk } from './testing/small-disk.ts'

const obstacle = SmallDisk.obstacle

describe('a backup', () => {
  let place: string
  let relay: TestRelay
  let disk: SmallDisk | undefined
  const now = Date.now

  beforeEach(async ({ skip }) => {
    skip(obstacle !== undefined, obstacle)
    place = await mkdtemp(join(tmpdir(), 'maru-disks-'))
    relay = await TestRelay.start()
    const device = await relay.connect(await relay.signUp('kim'))
    const roomId = await device.createRoom()
    const body = 'x'.repeat(2_000)
    const send = { type: 'message.send', roomId, body, sentAt: '2026-01-01T00:00:00.000Z' } as const
    for (let batch = 0; batch < 8; batch++) {
      await device.apply(...Array.from({ length: 100 }, () => ({ ...send, messageId: newId() })))
    }
    disk = SmallDisk.mount(4)
  })
  afterEach(async () => {
    await relay?.stop()
    disk?.unmount()
    if (place) await rm(place, { recursive: true, force: true })
  })

  it('that does not fit is refused before anything is copied, with the numbers', async () => {
    const tiny = SmallDisk.mount(1)
    const target = join(tiny.path, 'backup')
    const attempt = backUp({ dataDir: relay.dataDir, target, now })
    await expect(attempt).rejects.toThrow(/^The disk of .* has 1\.0 MB free, and the data takes [12]\.\d MB\.$/)
    expect(await readdir(target)).toEqual([])
    tiny.unmount()
    await backUp({ dataDir: relay.dataDir, target: join(disk!.path, 'backup'), now })
    expect((await findingsIn(join(disk!.path, 'backup'))).findings).toEqual([])
  })

  it('on a disk that can only be read is verified and restored', async () => {
    const target = join(disk!.path, 'backup')
    await backUp({ dataDir: relay.dataDir, target, now })
    disk!.onlyRead()
    expect((await findingsIn(target)).findings).toEqual([])
    await restore({ from: target, dataDir: join(place, 'restored'), now })
    expect((await findingsIn(join(place, 'restored'))).findings).toEqual([])
  })

  it('of data on a disk that can only be read is made, and none goes onto such a disk', async () => {
    await backUp({ dataDir: relay.dataDir, target: join(place, 'first'), now })
    const dataDir = join(disk!.path, 'data')
    await restore({ from: join(place, 'first'), dataDir, now })
    disk!.onlyRead()
    await backUp({ dataDir, target: join(place, 'second'), now })
    expect((await findingsIn(join(place, 'second'))).findings).toEqual([])
    const onto = backUp({ dataDir: relay.dataDir, target: join(disk!.path, 'third'), now })
    await expect(onto).rejects.toThrow(/third cannot be used: EROFS/)
  })
})
