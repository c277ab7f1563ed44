// One world: a relay, people with their devices, and who watches. Put together from a plan; what happens in it is elsewhere.
import type { UserRecord } from '../protocol/records.ts'
import type { SimulatedDisk } from '../server/storage/lowdb/testing/simulated-disk.ts'
import { createDevice } from './device.ts'
import type { SimulatedDevice } from './device.ts'
import { createIntents } from './intents.ts'
import type { Intents } from './intents.ts'
import { keptInMemory } from './kept.ts'
import type { Kept } from './kept.ts'
import type { Plan } from './plan.ts'
import { createRandom } from './random.ts'
import { createRelay } from './relay.ts'
import type { SimulatedRelay } from './relay.ts'
import type { Holdings } from './repeated.ts'
import { createScheduler } from './scheduler.ts'
import type { Scheduler } from './scheduler.ts'
import { createTrace } from './trace.ts'
import type { Trace } from './trace.ts'
import { Violation } from './violation.ts'
import { createWitness } from './witness.ts'
import type { Truth } from './witness.ts'

/** When worlds begin, by the relay's clock. */
const BEGIN = Date.UTC(2026, 0, 1)
const START_MS = 60_000

export interface Person {
  userId: string
  username: string
  devices: SimulatedDevice[]
}

export interface World {
  plan: Plan
  /** As `Math.random`. */
  random: () => number
  scheduler: Scheduler
  trace: Trace
  relay: SimulatedRelay
  truth: Truth
  intents: Intents
  people: Person[]
  devices: SimulatedDevice[]
  /** The rule that was broken first. */
  broken: Violation | null
  fail(violation: Violation): void
  /** An old copy of the relay's disk. */
  copy: SimulatedDisk | null
  /** What devices held, each time that the relay was put back. */
  holdings: Holdings[]
}

/** What the device of this number keeps its things in. */
export type MakeKept = (scheduler: Scheduler, userId: string, device: number) => Kept

/** Everything that there is, nothing of it on yet: `populate` comes next. */
export function createWorld(plan: Plan): World {
  const random = createRandom(plan.seed ^ 0x5eed).next
  const scheduler = createScheduler(random, BEGIN)
  const trace = createTrace(() => scheduler.now())
  const fail = (violation: Violation): void => {
    if (world.broken === null) trace.add('!', violation.message)
    world.broken ??= violation
  }
  const weather = { clock: scheduler, random, stepMs: 0, failures: 0 }
  const witness = createWitness(fail)
  const relay = createRelay({ scheduler, trace, witness, weather, epochs: createRandom(plan.seed ^ 0xe90c).next })
  const world: World = {
    plan,
    random,
    scheduler,
    trace,
    relay,
    truth: witness.truth,
    intents: createIntents(witness.truth, fail),
    people: [],
    devices: [],
    broken: null,
    fail,
    copy: null,
    holdings: []
  }
  relay.maxRecords = plan.maxRecords
  return world
}

/** A running relay, everybody signed in, every device on and connecting. */
export async function populate(world: World, makeKept: MakeKept = keptInMemory): Promise<void> {
  const { plan, relay, scheduler } = world
  relay.start()
  if (!(await scheduler.run(() => relay.running !== null, START_MS))) throw new Error('the relay does not start')
  let ready = false
  const signedUp = (async () => {
    for (const [index, count] of plan.users.entries()) await signUp(world, makeKept, index, count)
  })()
  void signedUp.catch(() => {}).finally(() => (ready = true))
  if (!(await scheduler.run(() => ready, START_MS))) throw new Error('nobody could sign up')
  await signedUp
  relay.weather.stepMs = plan.diskMs
  for (const device of world.devices) device.start()
}

const NAMES = ['anna', 'ben', 'cho', 'dora', 'emil']

async function signUp(world: World, makeKept: MakeKept, index: number, count: number): Promise<void> {
  const { plan, random, relay, scheduler, trace } = world
  const on = relay.running
  if (on === null) throw new Error('there is no relay')
  const username = NAMES[index] ?? `user${index}`
  const person: Person = { userId: '', username, devices: [] }
  world.people.push(person)
  for (let number = 1; number <= count; number++) {
    const session: { user: UserRecord; deviceId: string; token: string } =
      number === 1
        ? await on.accounts.signUp({ username, password: 'secret', displayName: username }, '127.0.0.1')
        : await on.accounts.signIn({ username, password: 'secret' }, '127.0.0.1')
    person.userId = session.user.id
    const name = `${username}/${number}`
    trace.name(session.deviceId, `device:${name}`)
    const device = createDevice({
      name,
      userId: session.user.id,
      username,
      signedIn: session,
      kept: makeKept(scheduler, session.user.id, world.devices.length),
      relay,
      scheduler,
      random,
      trace,
      stored: (stored, method) => world.intents.stored(stored, method),
      opened: (opened) => world.intents.opened(opened),
      asked: (actor, command, about) => world.intents.asked(actor, command, about),
      acted: (actor) => world.intents.acted(actor),
      failed: (violation) => world.fail(violation)
    })
    device.weather.callMs = plan.storeMs
    person.devices.push(device)
    world.devices.push(device)
  }
  trace.name(person.userId, username)
}
