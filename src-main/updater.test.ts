import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createUpdater, UpdateFailed } from './updater.ts'
import type { UpdaterLibrary } from './updater.ts'

class FakeLibrary extends EventEmitter {
  // As the library has it.
  autoDownload = true
  autoInstallOnAppQuit = true
  allowDowngrade = true
  logger: unknown = console
  requestHeaders: Record<string, string> | null = null
  checkForUpdates = vi.fn<() => Promise<unknown>>(async () => null)
  downloadUpdate = vi.fn<() => Promise<string[]>>(async () => [])
  quitAndInstall = vi.fn<(isSilent: boolean, isForceRunAfter: boolean) => void>()
}

describe('the updater', () => {
  let library: FakeLibrary
  const make = (installsWhenQuitting = true) =>
    createUpdater(library as unknown as UpdaterLibrary, { installsWhenQuitting })
  beforeEach(() => {
    library = new FakeLibrary()
  })

  it('fetches nothing and puts nothing in place by itself, goes back to no older version, and tells nobody which installation asks', () => {
    make()
    expect(library).toMatchObject({
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: false,
      logger: null,
      requestHeaders: { 'x-user-staging-id': '' }
    })
  })

  it('says which version there is, if it is newer', async () => {
    const updater = make()
    expect(await updater.look()).toBeNull()
    library.checkForUpdates.mockResolvedValue({ isUpdateAvailable: false, updateInfo: { version: '1.0.0' } })
    expect(await updater.look()).toBeNull()
    library.checkForUpdates.mockResolvedValue({ isUpdateAvailable: true, updateInfo: { version: '2.0.0' } })
    expect(await updater.look()).toBe('2.0.0')
  })

  it.each([true, false])(
    'has what was asked for put in place at the end where that asks nobody: %s',
    async (allowed) => {
      const updater = make(allowed)
      library.downloadUpdate.mockImplementation(async () => {
        expect(library.autoInstallOnAppQuit).toBe(allowed)
        library.emit('download-progress', { percent: 12.5 })
        return []
      })
      const percents: number[] = []
      await updater.download((percent) => percents.push(percent))
      library.emit('download-progress', { percent: 50 })
      expect(percents).toEqual([12.5])
    }
  )

  it('installs without asking and starts the new version', async () => {
    const installed = make().install()
    expect(library.quitAndInstall).toHaveBeenCalledExactlyOnceWith(true, true)
    library.emit('error', new Error('no'))
    await expect(installed).rejects.toBeInstanceOf(UpdateFailed)
  })

  it('is not ended by a failure that the library tells as an event', () => {
    make()
    expect(() => library.emit('error', new Error('no'))).not.toThrow()
  })

  it.each([
    ['unreachable', Object.assign(new Error('net::ERR_INTERNET_DISCONNECTED'), {})],
    ['unreachable', Object.assign(new Error('404'), { code: 'HTTP_ERROR_404' })],
    ['unreachable', Object.assign(new Error('no'), { code: 'ERR_UPDATER_CHANNEL_FILE_NOT_FOUND' })],
    ['unreachable', Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })],
    ['damaged', Object.assign(new Error('sha512 checksum mismatch'), { code: 'ERR_CHECKSUM_MISMATCH' })],
    ['damaged', Object.assign(new Error('no'), { code: 'ERR_UPDATER_INVALID_UPDATE_INFO' })],
    ['damaged', Object.assign(new Error('no'), { code: 'ERR_UPDATER_INVALID_SIGNATURE' })],
    ['other', Object.assign(new Error('no space'), { code: 'ENOSPC' })],
    ['other', 'nothing in particular']
  ])('gives failures a code: %s for %s', async (reason, problem) => {
    const updater = make()
    library.checkForUpdates.mockRejectedValue(problem)
    library.downloadUpdate.mockRejectedValue(problem)
    const failed = { name: 'UpdateFailed', reason, cause: problem }
    await expect(updater.look()).rejects.toMatchObject(failed)
    await expect(updater.download(() => {})).rejects.toMatchObject(failed)
  })
})
