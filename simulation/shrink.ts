// Makes a plan that fails as small as it can: fewer steps, as long as the same rule is broken.
import { runPlan } from './run.ts'
import type { Outcome } from './run.ts'
import type { MakeKept } from './world.ts'

const MOST_RUNS = 250

/**
 * @param failed the outcome of a plan that breaks a rule
 * @param makeKept as it was run with
 */
export async function shrink(failed: Outcome, makeKept?: MakeKept): Promise<Outcome> {
  let best = failed
  let left = MOST_RUNS

  /** Whether it fails without these steps too. What comes after still comes when it came. */
  async function isSpare(from: number, size: number): Promise<boolean> {
    left -= 1
    const { steps } = best.plan
    const waited = steps.slice(from, from + size).reduce((sum, { afterMs }) => sum + afterMs, 0)
    const [next, ...later] = steps.slice(from + size)
    const rest = next === undefined ? [] : [{ ...next, afterMs: next.afterMs + waited }, ...later]
    const outcome = await runPlan({ ...best.plan, steps: [...steps.slice(0, from), ...rest] }, makeKept)
    if (outcome.broken?.rule !== failed.broken?.rule) return false
    best = outcome
    return true
  }

  let size = Math.ceil(best.plan.steps.length / 2)
  while (size >= 1) {
    let from = 0
    while (from < best.plan.steps.length) {
      if (left === 0) return best
      if (!(await isSpare(from, size))) from += size
    }
    size = Math.floor(size / 2)
  }
  return best
}
