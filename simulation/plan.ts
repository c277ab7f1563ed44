// What is going to happen in a run: made from a seed before anything happens, so that a run that fails can be run again with less of it.
import { createRandom } from './random.ts'

/** What people do, and what happens to devices, lines and the relay. Each step decides the rest by its own `salt`. */
export const ACTS = {
  send: 34,
  reply: 4,
  edit: 8,
  delete: 3,
  react: 7,
  read: 6,
  'create-room': 2,
  'rename-room': 2,
  'add-members': 4,
  'remove-member': 4,
  leave: 2,
  join: 3,
  settings: 2,
  profile: 2,
  direct: 2,
  notes: 0.5,
  aside: 8,
  'change-room': 2,
  'close-room': 0.5,
  role: 2.5,
  ban: 1.5,
  block: 1,
  cancel: 3,
  retry: 2,
  discard: 2,
  'look-at-room': 4,
  'load-older': 5,
  cut: 7,
  'half-open': 3,
  offline: 3,
  'line-weather': 6,
  'crash-device': 8,
  'device-clock': 2,
  'crash-relay': 3,
  'disk-fails': 1,
  burst: 4,
  flood: 0.5
} as const
/** Only where the relay may be put back to an older copy. */
const GOING_BACK = { 'copy-relay': 2, 'restore-relay': 1.5 } as const
/** What follows at the end of some runs, from numbers of its own: what a seed has made of everything before stays as it is. */
const PARTING = {
  part: 6,
  join: 2,
  'add-members': 3,
  send: 2,
  cut: 1,
  'crash-device': 1.5,
  'crash-relay': 0.5
} as const
export type Act = keyof typeof ACTS | keyof typeof GOING_BACK | keyof typeof PARTING

/** In each run whose seed is a multiple of this, the relay may go back to an older copy. */
const GOES_BACK_EVERY = 4
/** In each run whose seed is a multiple of this, people have last words in rooms and leave them. */
const PARTS_EVERY = 3

export interface Step {
  /** Since the step before. */
  afterMs: number
  act: Act
  /** Which device, of all in order. */
  device: number
  salt: number
}

export interface Plan {
  seed: number
  /** Devices of each user. */
  users: readonly number[]
  /** The most records that the relay puts into an answer or a hint. */
  maxRecords: number
  /** The longest that a step of the relay's disk, and a call of a device's store, take. */
  diskMs: number
  storeMs: number
  /** Whether the relay may be put back to an older copy. */
  goesBack: boolean
  steps: readonly Step[]
}

export function makePlan(seed: number): Plan {
  const random = createRandom(seed)
  const users = Array.from({ length: 2 + random.integer(3) }, () => 1 + random.integer(3))
  const devices = users.reduce((sum, count) => sum + count, 0)
  const goesBack = seed % GOES_BACK_EVERY === 0
  const weights: Partial<Record<Act, number>> = goesBack ? { ...ACTS, ...GOING_BACK } : ACTS
  const pace = random.pick([50, 200, 600])
  const step = (act: Act, afterMs: number, by = random): Step => ({
    afterMs: Math.round(afterMs),
    act,
    device: by.integer(devices),
    salt: by.integer(2 ** 32)
  })
  const rooms = Array.from({ length: 1 + random.integer(3) }, () => step('create-room', 1_500))
  const count = 40 + random.integer(80)
  const last = createRandom(seed ^ 0x9a87)
  const parts = seed % PARTS_EVERY === 0
  return {
    seed,
    users,
    maxRecords: random.pick([1_000, 60, 7]),
    diskMs: random.pick([0.5, 4, 30]),
    storeMs: random.pick([0.5, 10, 40]),
    goesBack,
    steps: [
      ...rooms,
      ...Array.from({ length: count }, () =>
        step(random.weighted(weights), random.next() * pace * (random.chance(0.1) ? 10 : 1))
      ),
      ...Array.from({ length: parts ? 4 + last.integer(12) : 0 }, () =>
        step(last.weighted(PARTING), last.next() * 3_000, last)
      )
    ]
  }
}

export function describeStep({ afterMs, act, device, salt }: Step): string {
  return `+${afterMs} ms: ${act} (device ${device}, salt ${salt})`
}
