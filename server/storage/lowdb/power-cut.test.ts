// The power fails at any moment, also while the relay recovers from the last time: what was acknowledged is there, once, in order; nothing is
// there by half. The disk may lose, tear and reorder whatever was not flushed.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { upTo } from '../contract/fixtures.ts'
import { seededRandom } from '../contract/seeded-random.ts'
import { firstSeed, sizeOf } from '../testing/test-size.ts'
import type { LowdbStorage } from './lowdb-storage.ts'
import { openLowdbStorage } from './storage.ts'
import { CommitModel, everythingIn, isEmpty, RandomCommits, STREAMS } from './testing/commit-model.ts'
import type { Made } from './testing/commit-model.ts'
import { PowerCutError, SimulatedDisk } from './testing/simulated-disk.ts'
import type { SimulatedDiskOptions } from './testing/simulated-disk.ts'

const SEEDS = sizeOf('MARU_SEEDS', { usual: 100, long: 4_000 })
const FIRST_SEED = firstSeed()
const LIVES = 6

/** One history of a relay with power cuts, decided by the seed. @throws if the relay lost, tore or invented anything */
async function expectSurvival(seed: number, options: SimulatedDiskOptions = {}): Promise<void> {
  const random = seededRandom(seed)
  const disk = new SimulatedDisk(random, options)
  const commits = new RandomCommits(random)
  const { pick } = { pick: (below: number) => commits.pick(below) }
  let model = new CommitModel()
  /** Tried, and not acknowledged: at most one of them may be there all the same. */
  let unsure: Made[] = []

  for (let life = 0; life < LIVES; life++) {
    disk.cutAfter(pick(3) === 0 ? pick(60) : pick(500))
    const faults = pick(3) === 0 ? 0.02 : 0
    disk.before = (operation, path) => {
      if (random() < faults) throw Object.assign(new Error(`EIO: ${operation} ${path}`), { code: 'EIO' })
    }
    const timers = new Set<() => void>()
    let storage: LowdbStorage
    try {
      storage = await openLowdbStorage({
        dataDir: '/srv/maru',
        files: disk.files,
        lock: async () => async () => undefined,
        random,
        now: () => pick(2 ** 40),
        timer: (_, run) => {
          timers.add(run)
          return () => timers.delete(run)
        },
        limits: { journalBytes: 2_000 + pick(30_000), segments: 1 + pick(4), segmentBytes: pick(2) * 1_000_000 }
      })
      const found = await everythingIn(storage)
      const held = [model, ...unsure.map((made) => model.with(made))].find((each) =>
        isDeepStrictEqual(each.everything, found)
      )
      expect(held?.everything ?? found).toEqual(held ? found : model.everything)
      model = held ?? model
      unsure = []
    } catch (error) {
      if (!isOfDisk(error)) throw error
      end(disk, pick)
      continue
    }
    for (let step = 0; step < 40; step++) {
      const started = upTo(1 + pick(3)).map(() => commits.start(storage))
      if (pick(6) === 0) for (const run of timers) if (timers.delete(run)) run()
      const writing = pick(12) === 0 ? storage.writeBack().catch(ofDisk) : undefined
      for (const { made, done } of started) {
        try {
          await done
          model.take(made)
          if (!isEmpty(made)) unsure = []
        } catch (error) {
          ofDisk(error)
          unsure.push(made)
        }
      }
      // Nobody sees what is not acknowledged.
      for (const stream of STREAMS) expect(await storage.head(stream)).toBe(model.head(stream))
      if (pick(4) > 0) await writing
    }
    if (pick(4) === 0) await storage.close().catch(ofDisk)
    end(disk, pick)
  }
}

function end(disk: SimulatedDisk, pick: (below: number) => number): void {
  // A process that is killed leaves to the next one what it did not flush, and then the power may fail.
  if (pick(2) === 0) disk.kill()
  else disk.crash()
}

function isOfDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return error instanceof PowerCutError || code === 'EIO' || (error.cause !== undefined && isOfDisk(error.cause))
}

function ofDisk(error: unknown): void {
  if (!isOfDisk(error)) throw error
}

/** The first seed of a history that shows the fault, undefined if none of so many does. */
async function seedThatNotices(options: SimulatedDiskOptions, seeds: number): Promise<number | undefined> {
  for (let seed = 1; seed <= seeds; seed++) {
    const isNoticed = await expectSurvival(seed, options).then(
      () => false,
      () => true
    )
    if (isNoticed) return seed
  }
  return undefined
}

describe('[S1] [S2] [S3] [S4] a power cut', () => {
  it(`loses, doubles, tears and invents nothing, ${SEEDS} histories from seed ${FIRST_SEED}`, async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      await expectSurvival(seed).catch((error: unknown) => {
        throw new Error(`MARU_SEED=${seed} MARU_SEEDS=1`, { cause: error })
      })
    }
  }, 3_600_000)

  it('leaves the same for the same seed', async () => {
    const histories = await Promise.all([7, 7].map((seed) => operationsOf(seed)))
    expect(histories[0]?.length).toBeGreaterThan(20)
    expect(histories[1]).toEqual(histories[0])
  })
})

describe('the histories with power cuts notice', () => {
  it.each<[string, NonNullable<SimulatedDiskOptions['skips']>]>([
    ['a journal that is not flushed', (operation, path) => operation === 'datasync' && path.includes('.jsonl')],
    ['documents that are not flushed', (operation, path) => operation === 'datasync' && path.endsWith('.json.next')],
    ['names in the journal that are not flushed', (operation, path) => isFlush(operation, path, /journal$/)],
    ['names of rooms that are not flushed', (operation, path) => isFlush(operation, path, /rooms$/)],
    ['names in a room that are not flushed', (operation, path) => isFlush(operation, path, /rooms.[^/]+$/)],
    ['names of users that are not flushed', (operation, path) => isFlush(operation, path, /users$/)],
    ['names of pictures that are not flushed', (operation, path) => isFlush(operation, path, /avatars$/)],
    ['names at the top that are not flushed', (operation, path) => isFlush(operation, path, /maru$/)],
    ['names above that are not flushed', (operation, path) => isFlush(operation, path, /srv$/)]
  ])(
    '%s',
    async (_, skips) => {
      expect(await seedThatNotices({ skips }, 300)).toBeDefined()
    },
    120_000
  )
})

function isFlush(operation: string, path: string, directory: RegExp): boolean {
  return operation === 'syncDirectory' && directory.test(path)
}

/** Everything that a history does to the disk. */
async function operationsOf(seed: number): Promise<string[]> {
  const seen: string[] = []
  await expectSurvival(seed, { skips: (operation, path) => seen.push(`${operation} ${path}`) < 0 })
  return seen
}
