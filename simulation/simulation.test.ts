// People, devices, lines and a relay with everything that happens to them, in virtual time. A seed that fails is printed: run it with
// `npm run simulate -- --seeds 1 --seed <seed>`, and put it into regressions.test.ts.
import { describe, expect, test } from 'vitest'
import { sizeOf } from '../server/storage/testing/test-size.ts'
import { makePlan } from './plan.ts'
import { runPlan } from './run.ts'

const SEEDS = sizeOf('MARU_SEEDS', { usual: 100, long: 5_000 })
const FIRST_SEED = sizeOf('MARU_SEED', { usual: 1, long: 1 })
const SEEDS_A_TEST = 25

const chunks = Array.from({ length: Math.ceil(SEEDS / SEEDS_A_TEST) }, (_, index) => {
  const first = FIRST_SEED + index * SEEDS_A_TEST
  return [first, Math.min(first + SEEDS_A_TEST, FIRST_SEED + SEEDS) - 1] as const
})

/** Every so many worlds, one that is lived through twice. */
const TWICE_EVERY = 5

describe('[S1 to S12] nothing is lost, doubled or out of its order, all devices agree, and a world has the same course each time', () => {
  test.each(chunks)('in the worlds of seeds %i to %i', { timeout: 120_000 }, async (first, last) => {
    for (let seed = first; seed <= last; seed++) {
      const { broken, trace } = await runPlan(makePlan(seed))
      expect(`seed ${seed}: ${broken?.message ?? 'holds'}`).toBe(`seed ${seed}: holds`)
      if (seed % TWICE_EVERY !== 1) continue
      expect(trace.lines(200).length).toBeGreaterThan(100)
      const again = await runPlan(makePlan(seed))
      expect(`seed ${seed} again: ${again.trace.hash()}`).toBe(`seed ${seed} again: ${trace.hash()}`)
    }
  })
})
