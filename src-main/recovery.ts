// Brings the page back when its process dies, ever more slowly while it keeps dying. The page's data is on the disk.
import type { WebContents } from 'electron'

/** Waits before the first, second, … try; the last one repeats. */
const WAITS_MS = [500, 2_000, 10_000, 30_000]
/** A page that lived this long begins with the shortest wait again. */
const HEALTHY_MS = 60_000

export interface RecoveryOptions {
  now: () => number
  /** As `setTimeout`. */
  after: (ms: number, work: () => void) => void
  onProblem: (problem: unknown) => void
}

export function recoverFromCrashes(contents: WebContents, { now, after, onProblem }: RecoveryOptions): void {
  let deaths = 0
  let revivedMs = now()
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    onProblem(new Error(`the page's process is gone: ${reason} (${exitCode})`))
    if (now() - revivedMs >= HEALTHY_MS) deaths = 0
    const wait = WAITS_MS[Math.min(deaths, WAITS_MS.length - 1)] ?? 0
    deaths += 1
    after(wait, () => {
      if (contents.isDestroyed()) return
      revivedMs = now()
      contents.reload()
    })
  })
}
