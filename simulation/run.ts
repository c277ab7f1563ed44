// Runs one plan from its beginning to the check at its end.
import { checkEverything } from './checks.ts'
import { happen, heal } from './mishaps.ts'
import type { Plan } from './plan.ts'
import type { Trace } from './trace.ts'
import { Violation } from './violation.ts'
import { createWorld } from './world.ts'
import type { MakeKept } from './world.ts'

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

/** The same plan has the same outcome, each time. */
export async function runPlan(plan: Plan, makeKept?: MakeKept): Promise<Outcome> {
  const world = await createWorld(plan, makeKept)
  const { scheduler, trace } = world
  for (const step of plan.steps) {
    await scheduler.run(() => world.broken !== null, step.afterMs)
    if (world.broken !== null) break
    happen(world, step)
  }
  if (world.broken === null) {
    trace.add('', '· everything heals')
    await heal(world)
  }
  if (world.broken === null) {
    world.relay.weather.stepMs = 0
    let done = false
    checkEverything(world)
      .catch((error: unknown) => world.fail(error instanceof Violation ? error : new Violation('check', String(error))))
      .finally(() => (done = true))
    if (!(await scheduler.run(() => done, CHECK_MS))) world.fail(new Violation('check', 'the check does not end'))
  }
  for (const { kept, name } of world.devices) {
    const fault = await kept.fault()
    if (fault !== undefined) world.fail(new Violation('store', `${name}: ${fault}`))
  }
  return { plan, broken: world.broken, trace, steps: scheduler.steps, operations: world.intents.all.size }
}
