// Brings the page back when its process dies, ever more slowly while it keeps dying. The page's data is on the disk.
import { app } from 'electron'
import type { WebContents } from 'electron'
import { createRestartWaits } from './restart-waits.ts'

export interface RecoveryOptions {
  now: () => number
  /** As `setTimeout`. */
  after: (ms: number, work: () => void) => void
  onProblem: (problem: unknown) => void
}

/** Of the processes beside the page (graphics, network, a relay): Chromium or who started them brings them back, and developers hear of it. */
export function tellOfLostProcesses(onProblem: (problem: unknown) => void): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, name, serviceName }) => {
    if (reason === 'clean-exit') return
    onProblem(new Error(`a process is gone: ${name ?? serviceName ?? type}, ${reason} (${exitCode})`))
  })
}

export function recoverFromCrashes(contents: WebContents, { now, after, onProblem }: RecoveryOptions): void {
  const waits = createRestartWaits(now)
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    onProblem(new Error(`the page's process is gone: ${reason} (${exitCode})`))
    after(waits.next(), () => {
      if (contents.isDestroyed()) return
      waits.begun()
      contents.reload()
    })
  })
}
