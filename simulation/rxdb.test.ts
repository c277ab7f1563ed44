// Worlds in which one device keeps its things in the store that ships: RxDB opens no second one in a process.
import { expect, test } from 'vitest'
import { sizeOf } from '../server/storage/testing/test-size.ts'
import { keptInMemory } from './kept.ts'
import { keptInRxdb } from './kept-in-rxdb.ts'
import { makePlan } from './plan.ts'
import { runPlan } from './run.ts'

const SEEDS = sizeOf('MARU_RXDB_SEEDS', { usual: 24, long: 500 })

const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1)

test.each(seeds)(
  '[S1 to S12] a device on RxDB loses and doubles nothing: seed %i',
  { timeout: 120_000 },
  async (seed) => {
    const { broken } = await runPlan(makePlan(seed), (scheduler, userId, device) =>
      device === 0 ? keptInRxdb(scheduler, userId) : keptInMemory()
    )
    expect(broken?.message).toBeUndefined()
  }
)
