// Seeds and courses of events that once broke a rule, each under the name of what was wrong.
import { expect, test } from 'vitest'
import type { Plan, Step } from './plan.ts'
import { runPlan } from './run.ts'

const CALM = { seed: 1, maxRecords: 1_000, diskMs: 4, storeMs: 10, goesBack: false }

/** A world in which nothing happens but this. */
function planOf(
  users: readonly number[],
  steps: readonly [afterMs: number, act: Step['act'], device: number, salt: number][]
): Plan {
  return { ...CALM, users, steps: steps.map(([afterMs, act, device, salt]) => ({ afterMs, act, device, salt })) }
}

async function expectToHold(plan: Plan): Promise<void> {
  expect((await runPlan(plan)).broken?.message).toBeUndefined()
}

test('[S11.1] a room is made and left in one push, while the relay is down', async () => {
  await expectToHold(
    planOf(
      [1, 1],
      [
        [4_500, 'create-room', 0, 1_706_725_596],
        [4, 'crash-relay', 1, 658_290_756],
        [209, 'leave', 0, 710_556_260]
      ]
    )
  )
})
