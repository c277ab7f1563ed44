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

describe('[S1 to S12] nothing is lost, doubled or out of its order, and all devices agree', () => {
  test.each(chunks)('in the worlds of seeds %i to %i', { timeout: 120_000 }, async (first, last) => {
    for (let seed = first; seed <= last; seed++) {
      const { broken } = await runPlan(makePlan(seed))
      expect(`seed ${seed}: ${broken?.message ?? 'holds'}`).toBe(`seed ${seed}: holds`)
    }
  })
})

test.each([3, 8, 21])('a world has the same course each time: seed %i', async (seed) => {
  const [first, second] = [await runPlan(makePlan(seed)), await runPlan(makePlan(seed))]
  expect(first.trace.lines().length).toBeGreaterThan(100)
  expect(second.trace.hash()).toBe(first.trace.hash())
})
