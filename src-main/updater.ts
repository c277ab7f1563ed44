// New versions from a server, by electron-updater: the only file that knows it. Decides nothing: it looks, fetches and installs when it is told to.
import type { AppUpdater } from 'electron-updater'
import type { UpdateState } from '../src-renderer/platform/bridge.ts'

export type UpdateReason = Extract<UpdateState, { name: 'failed' }>['reason']

export class UpdateFailed extends Error {
  override readonly name = 'UpdateFailed'
  readonly reason: UpdateReason
  constructor(reason: UpdateReason, cause: unknown) {
    super(`new versions: ${reason}`, { cause })
    this.reason = reason
  }
}

export interface Updater {
  /** The version that the server has, if it is newer than this one; else null. Rejects with `UpdateFailed`. */
  look(): Promise<string | null>
  /** Of the version that was found last; percent from 0 to 100. It is checked before this resolves. Rejects with `UpdateFailed`. */
  download(onPercent: (percent: number) => void): Promise<void>
  /** Of what was downloaded: ends the app and starts the new one. Rejects with `UpdateFailed` when it cannot; never resolves. */
  install(): Promise<never>
}

/** What is used of the library. */
export type UpdaterLibrary = Pick<
  AppUpdater,
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'allowDowngrade'
  | 'logger'
  | 'requestHeaders'
  | 'checkForUpdates'
  | 'downloadUpdate'
  | 'quitAndInstall'
  | 'on'
  | 'off'
>

export interface UpdaterOptions {
  /** What was downloaded is put in place when the app ends by itself: not where that asks for a password. */
  installsWhenQuitting: boolean
}

/** The library tells every server which installation asks, by a random name that it keeps. */
const NO_NAME = { 'x-user-staging-id': '' }

/** The library's updater for this system, set up by the build's app-update.yml. To be asked for in a packaged app only. */
export async function loadUpdater(options: UpdaterOptions): Promise<Updater> {
  const { default: library } = await import('electron-updater')
  return createUpdater(library.autoUpdater, options)
}

export function createUpdater(library: UpdaterLibrary, { installsWhenQuitting }: UpdaterOptions): Updater {
  library.autoDownload = false
  library.autoInstallOnAppQuit = false
  library.allowDowngrade = false
  library.logger = null
  library.requestHeaders = NO_NAME
  // It tells its failures this way too, and where nobody hears them they end the process.
  library.on('error', () => {})
  return {
    async look() {
      const found = await failing(library.checkForUpdates())
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null
    },
    async download(onPercent) {
      const listen = ({ percent }: { percent: number }): void => onPercent(percent)
      library.on('download-progress', listen)
      // To be said before: the library asks when the download is done.
      library.autoInstallOnAppQuit = installsWhenQuitting
      try {
        await failing(library.downloadUpdate())
      } finally {
        library.off('download-progress', listen)
      }
    },
    async install() {
      const failed = new Promise<never>((_resolve, reject) => {
        library.on('error', reject)
      })
      library.quitAndInstall(true, true)
      return failing(failed)
    }
  }
}

async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new UpdateFailed(reasonOf(error), error)
  }
}

const damaged = /CHECKSUM|SIGNATURE|INVALID_UPDATE_INFO|INVALID_VERSION|sha512|code object is not signed/i
const unreachable =
  /net::ERR_|HTTP_ERROR|ERR_UPDATER_(CHANNEL_FILE_NOT_FOUND|LATEST_VERSION_NOT_FOUND)|E(NOTFOUND|AI_AGAIN|CONN\w+|TIMEDOUT|HOSTUNREACH|NETUNREACH|PIPE)\b/

/** By the library's codes, else by Chromium's and Node's words for a network that is not there. */
function reasonOf(error: unknown): UpdateReason {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown }
  const words = `${String(code)} ${String(message)}`
  if (damaged.test(words)) return 'damaged'
  return unreachable.test(words) ? 'unreachable' : 'other'
}
