// One relay per data directory.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryInUseError, lockDirectory } from './lock.ts'
import { TestDirectory } from './testing/directory.ts'

describe('the lock of a data directory', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'maru-lock-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('refuses a second one, naming the directory, and is free again afterwards', async () => {
    const unlock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow(`another relay is running on ${directory}`)
    await unlock()
    await (
      await lockDirectory(directory)
    )()
    expect(await readdir(directory)).toEqual([])
  })

  it('gives it to one of many that start at once', async () => {
    for (let round = 0; round < 5; round++) {
      const starts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)))
      const holders = starts.filter((start) => start.status === 'fulfilled')
      expect(holders.length).toBe(1)
      const reasons = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []))
      expect(reasons.every((reason) => reason instanceof DirectoryInUseError)).toBe(true)
      for (const { value: unlock } of holders) await unlock()
    }
  }, 30_000)

  it('is not fooled by what a dead relay left', async () => {
    await writeFile(join(directory, '0123456789ab.lock'), '')
    const unlock = await lockDirectory(directory)
    await unlock()
    expect(await readdir(directory)).toEqual([])
  })

  it('works where the path is too long for a socket', async () => {
    const long = join(directory, 'd'.repeat(100), 'e'.repeat(100))
    await mkdir(long, { recursive: true })
    const unlock = await lockDirectory(long)
    await expect(lockDirectory(long)).rejects.toBeInstanceOf(DirectoryInUseError)
    await unlock()
    await (
      await lockDirectory(long)
    )()
    expect(await readdir(long)).toEqual([])
  })

  it('is taken by a storage until it is closed', async () => {
    const data = await TestDirectory.make()
    const storage = await data.open()
    await expect(data.open()).rejects.toBeInstanceOf(DirectoryInUseError)
    await storage.close()
    await data.open()
    await data.dispose()
  })
})
