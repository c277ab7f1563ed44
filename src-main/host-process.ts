// The process in which a hosted relay runs: started by Electron, spoken with by protocol/hosting.ts. Knows not when it has to run.
import { utilityProcess } from 'electron'
import { hostTidingsSchema } from '../protocol/hosting.ts'
import type { HostCommand, HostTidings } from '../protocol/hosting.ts'

/** Of the relay's own words, so that a flood of them stays small. */
const MAX_LINE_CHARS = 2_000

export interface HostProcess {
  send(command: HostCommand): void
  /** Ends it at once, whatever it is doing. What it has stored stays whole [S15]. */
  kill(): void
}

export interface HostProcessEvents {
  onTidings: (tidings: HostTidings) => void
  /** Called once; nothing is told afterwards. */
  onExit: (code: number) => void
  /** What the process writes to its standard error, line by line, and tidings of a wrong shape. */
  onProblem: (problem: unknown) => void
}

export type StartHostProcess = (events: HostProcessEvents) => HostProcess

/** @param entry the built script of the relay's process, absolute. Needs a ready app. */
export function hostProcessOf(entry: string): StartHostProcess {
  return ({ onTidings, onExit, onProblem }) => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: 'Maru relay',
      stdio: ['ignore', 'ignore', 'pipe']
    })
    child.on('message', (message: unknown) => {
      const parsed = hostTidingsSchema.safeParse(message)
      // Not told in detail: it may hold the owner's code.
      if (parsed.success) onTidings(parsed.data)
      else onProblem(new Error('the relay inside the app said something that is no tidings'))
    })
    child.on('exit', onExit)
    let rest = ''
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(-MAX_LINE_CHARS)
      for (const line of lines) if (line.trim() !== '') onProblem(`relay: ${line.slice(0, MAX_LINE_CHARS)}`)
    })
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, no window
      send: (command) => child.postMessage(command),
      kill: () => void child.kill()
    }
  }
}
