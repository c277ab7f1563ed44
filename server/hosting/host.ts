// A relay that an app hosts: does what the app commands, and tells it how the relay is (protocol/hosting.ts). Knows neither Electron nor the process that
// it runs in; one relay in its life.
import { isAbsolute } from 'node:path'
import type { HostCommand, HostProblem, HostStart, HostTidings } from '../../protocol/hosting.ts'
import { hostCommandSchema } from '../../protocol/hosting.ts'
import { PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { Clock, Timer } from '../clock.ts'
import { StartError } from '../config.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { startRelay } from '../relay.ts'
import type { Relay, RelayOptions } from '../relay.ts'
import { announceRelay } from './announce.ts'
import type { Announcement, AnnounceOptions } from './announce.ts'
import { backUpInto } from './backup.ts'
import { watchStatus } from './status.ts'
import type { StatusWatch } from './status.ts'

export interface HostParts {
  tell: (tidings: HostTidings) => Promise<void>
  log: Log
  now: Clock
  timer: Timer
  /** Instead of the whole network, for a test. */
  announce?: (options: AnnounceOptions) => Announcement
  /** What a test does otherwise at the start of the relay. */
  relay?: Partial<RelayOptions>
}

export interface Host {
  /** What is no command, or none at this time, is written to the log and ignored. Resolves when it is done. */
  command: (message: unknown) => Promise<void>
  /** Stops the relay cleanly, whatever it is doing; may be called again. */
  stop: () => Promise<void>
  /** Resolves with the exit code once there is nothing more to do. */
  readonly ended: Promise<number>
}

interface Running {
  relay: Relay
  announcement: Announcement | undefined
  status: StatusWatch
}

export function createHost(parts: HostParts): Host {
  const { tell, log, now } = parts
  let starting: Promise<Running | undefined> | undefined
  let stopping: Promise<void> | undefined
  let end: (code: number) => void
  const ended = new Promise<number>((resolve) => (end = resolve))

  async function start(settings: HostStart): Promise<Running | undefined> {
    try {
      return await run(settings, parts)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      log.error('the relay cannot be started', { error })
      await tell({ type: 'failed', problem: problemOf(error), detail })
      end(1)
      return undefined
    }
  }

  async function backUp({ request, folder }: HostCommand & { type: 'backup' }, dataDir: string): Promise<void> {
    try {
      const { folder: made, messages } = await backUpInto({ dataDir, folder, now })
      await tell({ type: 'backed-up', request, folder: made, messages })
    } catch (error) {
      log.error('the backup failed', { error })
      await tell({ type: 'backup-failed', request, detail: error instanceof Error ? error.message : String(error) })
    }
  }

  async function stop(): Promise<void> {
    const running = await starting
    // One that could not start has said so, and why.
    if (starting !== undefined && running === undefined) return
    running?.status.stop()
    await running?.announcement?.stop()
    await running?.relay.stop()
    await tell({ type: 'stopped' })
    end(0)
  }

  let dataDir = ''
  const act = async (command: HostCommand): Promise<void> => {
    if (command.type === 'stop') return (stopping ??= stop())
    if (command.type === 'start') {
      if (starting !== undefined || stopping !== undefined) return log.error('a relay is started once in a process')
      dataDir = command.settings.dataDir
      starting = start(command.settings)
      await starting
      return
    }
    const running = await starting
    if (running === undefined || stopping !== undefined)
      return log.error('no relay runs here', { command: command.type })
    if (command.type === 'backup') return backUp(command, dataDir)
    running.announcement?.again()
  }

  return {
    async command(message) {
      const parsed = hostCommandSchema.safeParse(message)
      // What it said is not repeated: it may be anything.
      if (!parsed.success) return log.error('what came is no command')
      await act(parsed.data)
    },
    stop: () => (stopping ??= stop()),
    ended
  }
}

async function run(settings: HostStart, parts: HostParts): Promise<Running> {
  const { tell, log, timer, announce = announceRelay } = parts
  const relay = await startRelay({
    config: configOf(settings),
    log,
    now: parts.now,
    timer,
    ...(settings.webRoot === undefined ? {} : { webRoot: settings.webRoot }),
    ...parts.relay
  })
  const { address, port, ownerCode, fingerprint = '' } = relay
  const { relayId } = relay.storage
  const announcement = settings.announced
    ? announce({
        name: settings.name,
        address: settings.address,
        port,
        text: { v: '1', id: relayId, p: String(PROTOCOL_VERSION), fp: fingerprint },
        log
      })
    : undefined
  await tell({
    type: 'ready',
    address,
    port,
    relayId,
    fingerprint,
    hasOwner: await relay.hasOwner(),
    ...(ownerCode === undefined ? {} : { ownerCode })
  })
  const status = watchStatus({
    look: async () => ({
      ...(await relay.connected()),
      storedBytes: (await relay.storage.usage()).bytes ?? 0,
      announced: announcement?.announced() ?? false,
      hasOwner: await relay.hasOwner()
    }),
    tell: (status) => tell({ type: 'status', ...status }),
    timer,
    log
  })
  return { relay, announcement, status }
}

/** Nothing is read from the environment: it is the app's, not this relay's. */
function configOf({ dataDir, address, port }: HostStart): Config {
  if (!isAbsolute(dataDir)) throw new StartError('The data directory must be named by its whole path.', 'disk')
  return {
    host: address,
    port,
    dataDir,
    registration: 'invite',
    corsOrigins: [],
    trustedProxies: [],
    rateLimit: true,
    logLevel: 'info',
    tls: 'own'
  }
}

const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOTDIR']

function problemOf(error: unknown): HostProblem {
  if (error instanceof StartError) return error.problem
  return DISK_CODES.includes((error as NodeJS.ErrnoException).code ?? '') ? 'disk' : 'other'
}
