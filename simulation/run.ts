// Runs one plan from its beginning to the check at its end.
import { checkEverything } from './checks.ts'
import { determineProcess } from './determined.ts'
import { faultsOfProcess } from './faults.ts'
import { happen, heal } from './mishaps.ts'
import type { Plan } from './plan.ts'
import type { Trace } from './trace.ts'
import { Violation } from './violation.ts'
import { createWorld, populate } from './world.ts'
import type { MakeKept, World } from './world.ts'

export interface Outcome {
  plan: Plan
  broken: Violation | null
  trace: Trace
  /** How much happened: tasks of the scheduler, commits' revs, operations. */
  steps: number
  operations: number
}

/** The longest that the check may take, in virtual ms: it reads the relay's disk. */
const CHECK_MS = 60_000

/** The same plan has the same outcome, each time. Whatever is thrown in it, by whomever, is one. */
export async function runPlan(plan: Plan, makeKept?: MakeKept): Promise<Outcome> {
  const world = createWorld(plan)
  const { scheduler, trace } = world
  const giveBack = determineProcess(plan.seed, () => scheduler.now())
  const faults = faultsOfProcess((error) => world.fail(violationOf(error)))
  try {
    await live(world, makeKept)
    for (const { kept, name } of world.devices) {
      const fault = await kept.fault()
      if (fault !== undefined) world.fail(new Violation('store', `${name}: ${fault}`))
    }
    await faults.heard()
  } catch (error) {
    world.fail(violationOf(error))
  } finally {
    faults.stop()
    giveBack()
  }
  return { plan, broken: world.broken, trace, steps: scheduler.steps, operations: world.intents.all.size }
}

async function live(world: World, makeKept: MakeKept | undefined): Promise<void> {
  const { plan, scheduler, trace } = world
  await populate(world, makeKept)
  for (const step of plan.steps) {
    await scheduler.run(() => world.broken !== null, step.afterMs)
    if (world.broken !== null) break
    happen(world, step)
  }
  if (world.broken === null) {
    trace.add('', '· everything heals')
    await heal(world)
  }
  if (world.broken !== null) return
  world.relay.weather.stepMs = 0
  let done = false
  checkEverything(world)
    .catch((error: unknown) => world.fail(violationOf(error)))
    .finally(() => (done = true))
  if (!(await scheduler.run(() => done, CHECK_MS))) world.fail(new Violation('check', 'the check does not end'))
}

function violationOf(error: unknown): Violation {
  if (error instanceof Violation) return error
  return new Violation('exception', (error instanceof Error && error.stack) || String(error))
}
