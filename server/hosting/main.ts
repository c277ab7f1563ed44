// The process of a relay that an app hosts: what Electron's utility process runs, and plain Node (child_process.fork). The relay itself is host.ts.
import { startTimer } from '../clock.ts'
import { createLog } from '../log.ts'
import { createHost } from './host.ts'
import { parentLine } from './parent-line.ts'

/** A relay that has not stopped by itself after this long is ended; nothing that was acknowledged is lost by it. */
const STOP_TIMEOUT_MS = 15_000

function main(): void {
  const log = createLog('info')
  const parent = parentLine()
  if (parent === undefined) {
    process.stderr.write('This is run by the Maru app. To run a relay by itself: npm run relay.\n')
    process.exit(2)
  }
  const host = createHost({ tell: (tidings) => parent.tell(tidings), log, now: Date.now, timer: startTimer })
  const stop = (why: string) => (): void => {
    log.info('stopping', { why })
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    host.stop().catch(fail)
  }
  const fail = (error: unknown): void => {
    log.error('the relay of the app failed', { error })
    process.exit(1)
  }
  parent.onMessage((message) => void host.command(message).catch(fail))
  parent.onGone(stop('the app is gone'))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop(signal))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  // What was told last has to get through the line before the process is gone.
  host.ended.then((code) => setImmediate(() => process.exit(code)), fail)
}

main()
