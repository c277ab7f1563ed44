// Seeds and courses of events that once broke a rule, each under the name of what was wrong.
import { expect, test } from 'vitest'
import { makePlan } from './plan.ts'
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

test('[S13] [S10.5] what was deleted offline is not sent again to a relay that has lost it, and found out late', async () => {
  await expectToHold({
    ...planOf(
      [1, 1],
      [
        [1_500, 'create-room', 0, 2_563_131_481],
        [2_000, 'copy-relay', 0, 1_343_308_622],
        [2_000, 'send', 0, 3_368_285_696],
        [3_000, 'offline', 0, 3_063_766_620],
        [50, 'delete', 0, 4_015_527_202],
        [50, 'restore-relay', 0, 3_156_683_211],
        [4_000, 'burst', 1, 1_376_363_010]
      ]
    ),
    maxRecords: 7
  })
})

test('[S13] [S10.5] what was deleted offline, and another device brings back, is deleted again', async () => {
  await expectToHold(
    planOf(
      [2, 1],
      [
        [1_500, 'create-room', 0, 3_113_320_132],
        [2_000, 'copy-relay', 0, 1_875_527_263],
        [2_000, 'send', 0, 1_436_387_079],
        [3_000, 'offline', 0, 2_573_200_710],
        [50, 'delete', 0, 124_622_231],
        [50, 'restore-relay', 0, 1_255_825_321],
        [4_000, 'burst', 2, 3_452_611_328]
      ]
    )
  )
})

test('[S11.5] who whispers and leaves in one push, and is let in again, hears of that aside', async () => {
  await expectToHold(
    planOf(
      [1, 1, 3],
      [
        [1_500, 'create-room', 3, 368_858_960],
        [1_500, 'create-room', 3, 2_845_081_373],
        [1_500, 'create-room', 1, 1_019_092_754],
        [2_242, 'crash-device', 3, 1_887_540_843],
        [2_899, 'edit', 3, 440_085_523],
        [139, 'disk-fails', 0, 1_661_992_939],
        [1_722, 'burst', 2, 912_417_706],
        [3_805, 'send', 3, 2_604_978_886],
        [2_875, 'part', 1, 2_127_599_346],
        [8_572, 'add-members', 0, 3_431_454_159],
        [3_348, 'part', 3, 454_335_806]
      ]
    )
  )
})

test.each([
  ['[S11.4] an edit that was accepted before one came back to a room that tells nothing of before', 20_493],
  ['[S10.3] an edit that was accepted once more, in a later life of the relay', 21_133],
  ['[S2.6] what was taken back half-way, before a crash', 20_532]
])('%s (seed %i)', async (_what, seed) => {
  await expectToHold(makePlan(seed))
})
