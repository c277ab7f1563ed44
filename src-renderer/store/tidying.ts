// Takes refused entries out of the outbox that nobody has to decide about (removal-plans.ts says which). Knows no commands.
import type { Outbox } from './outbox.ts'
import { idleRefusals } from './removal-plans.ts'

/** Runs in every window; returns its stop, which resolves when nothing is under way. */
export function startTidying(outbox: Outbox, onProblem: (problem: unknown) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const snapshots = outbox.snapshots.subscribe(({ entries }) => {
    if (idleRefusals(entries).length === 0) return
    running = running
      .then(() => outbox.settleAndRevise((fresh) => ({ remove: idleRefusals(fresh.entries) })))
      .catch(onProblem)
  })
  return async () => {
    snapshots.unsubscribe()
    await running
  }
}
