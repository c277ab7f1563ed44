// The relay's process: arguments, signals, the lines on stdout that tell where it is.
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { PROTOCOL_VERSION } from '../protocol/limits.ts'
import { runAdminCommand } from './commands/admin-command.ts'
import { helpText, parseArguments } from './commands/arguments.ts'
import { runDataCommand } from './commands/data-commands.ts'
import { readConfig, StartError } from './config.ts'
import type { Config } from './config.ts'
import { announceRelay } from './hosting/announce.ts'
import type { Announcement } from './hosting/announce.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { startRelay } from './relay.ts'
import type { Relay } from './relay.ts'
import { relayVersion } from './version.ts'

/** A relay that has not stopped by itself after this long is ended. */
const STOP_TIMEOUT_MS = 15_000

async function main(args: readonly string[]): Promise<void> {
  const command = parseArguments(args)
  if (command.name === 'help') return void process.stdout.write(helpText())
  if (command.name === 'version') return say(relayVersion())
  if (command.name === 'admin') {
    process.exitCode = await runAdminCommand(command.command, { config: readConfig(), now: Date.now, say })
    return
  }
  if (command.name !== 'start') {
    process.exitCode = await runDataCommand(command, { config: readConfig(), now: Date.now, say, progress: sparsely() })
    return
  }
  const config = readConfig()
  const log = createLog(config.logLevel)
  const webRoot = fileURLToPath(new URL('../dist-web', import.meta.url))
  const relay = await startRelay({ config, log, webRoot })
  const announcement = config.announced ? announce(relay, config, log) : undefined
  stopOnSignals(
    async () => {
      await announcement?.stop()
      await relay.stop()
    },
    (signal) => log.info('stopping', { signal })
  )

  const ownerCode = relay.ownerCode === undefined ? '' : ` (owner code: ${relay.ownerCode})`
  say(`Maru relay ready at ${relay.url}${ownerCode}`)
  if (relay.fingerprint !== undefined) say(`Certificate (SHA-256): ${relay.fingerprint}`)
  if (command.invite) say(await inviteLine(relay))
}

function announce({ port, storage, fingerprint }: Relay, { host }: Config, log: Log): Announcement {
  const text = { v: '1', id: storage.relayId, p: String(PROTOCOL_VERSION) } as const
  const own = fingerprint === undefined ? {} : { fp: fingerprint }
  return announceRelay({ name: hostname(), address: host, port, text: { ...text, ...own }, log })
}

async function inviteLine(relay: Relay): Promise<string> {
  if (!(await relay.hasOwner())) return 'Invite: none yet; invites begin once the first account exists'
  const { code, uses, expiresAt } = await relay.invite()
  return `Invite: ${code} (${uses} uses, until ${expiresAt.slice(0, 10)})`
}

/** One Ctrl+C may arrive by several ways: from the terminal, from npm, from whoever started us. That is one wish. */
const IMPATIENCE_MS = 1_000

function stopOnSignals(stopRelay: () => Promise<void>, onStop: (signal: string) => void): void {
  let askedAt: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (askedAt !== undefined) {
      if (signal === 'SIGINT' && performance.now() - askedAt > IMPATIENCE_MS) process.exit(1)
      return
    }
    askedAt = performance.now()
    onStop(signal)
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    stopRelay().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
}

/** How often a long run says how far it is. */
const PROGRESS_MS = 2_000

/** What would be too much is left out. */
function sparsely(): (line: string) => void {
  let saidAt = performance.now()
  return (line) => {
    if (performance.now() - saidAt < PROGRESS_MS) return
    saidAt = performance.now()
    process.stderr.write(`${line}\n`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** One sentence for what a person can put right, everything for what is a fault of ours. */
function fail(error: unknown): never {
  const words = error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${words}\n`)
  process.exit(1)
}

main(process.argv.slice(2)).catch(fail)
