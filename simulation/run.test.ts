// What ends a run, and how `npm run simulate` says so.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'
import { keptInMemory } from './kept.ts'
import type { Kept } from './kept.ts'
import { makePlan } from './plan.ts'
import { runPlan } from './run.ts'
import { shrink } from './shrink.ts'

const SEED = 3
const fault = new Error('nobody expects this')

/** What a fault of the product may look like, at some moment of a device's life. */
const faults: Record<string, (kept: Kept) => Kept> = {
  'thrown in the middle of a task': (kept) => {
    let isOpened = false
    return {
      ...kept,
      open: (owner) => {
        if (isOpened) throw fault
        isOpened = true
        return kept.open(owner)
      }
    }
  },
  'a promise that nobody waits for': (kept) => ({ ...kept, kill: () => void Promise.reject(fault) }),
  'thrown in a timer': (kept) => ({
    ...kept,
    kill: () => {
      setTimeout(() => {
        throw fault
      }, 0)
    }
  }),
  'thrown after the end': (kept) => ({ ...kept, fault: async () => Promise.reject(fault) })
}

describe('what the product throws breaks a rule as anything else', () => {
  test.each(Object.entries(faults))('%s', async (_, breaking) => {
    const outcome = await runPlan(makePlan(SEED), () => breaking(keptInMemory()))
    expect(outcome.broken).toMatchObject({ rule: 'exception' })
    expect(outcome.broken?.message).toContain(fault.message)
    expect(outcome.broken?.message).toContain('run.test.ts')
    expect(outcome.trace.lines().join('\n')).toContain(fault.message)
  })

  test('also before anybody has signed up', async () => {
    const { broken } = await runPlan(makePlan(SEED), () => {
      throw fault
    })
    expect(broken?.message).toContain(fault.message)
  })

  test('the plan shrinks to what has to happen for it', { timeout: 60_000 }, async () => {
    const makeKept = (): Kept => faults['thrown in the middle of a task']!(keptInMemory())
    const { plan, broken } = await shrink(await runPlan(makePlan(SEED), makeKept), makeKept)
    expect(broken).toMatchObject({ rule: 'exception' })
    expect(plan.steps.map(({ act }) => act)).toContain('crash-device')
    expect(plan.steps.length).toBeLessThan(6)
  })

  test('a run leaves clock, numbers and listeners of the process as they were', async () => {
    const heard = process.listeners('unhandledRejection')
    await runPlan({ ...makePlan(SEED), steps: [] })
    expect(Math.abs(Date.now() - new Date().getTime())).toBeLessThan(1_000)
    expect(crypto.getRandomValues(new Uint8Array(16))).not.toEqual(crypto.getRandomValues(new Uint8Array(16)))
    expect(Object.hasOwn(crypto, 'getRandomValues')).toBe(false)
    expect(process.listeners('unhandledRejection')).toEqual(heard)
  })
})

describe('npm run simulate', () => {
  test('takes positive integers', () => {
    expect(parseArguments([])).toEqual({ seeds: 100, seed: 1, survey: false, whole: false })
    expect(parseArguments(['--seeds', '3', '--seed=12', '--survey'])).toMatchObject({
      seeds: 3,
      seed: 12,
      survey: true
    })
    for (const value of ['abc', '0', '-3', '1.5', '', '1e3', 'NaN', '99999999999'])
      for (const name of ['seeds', 'seed'])
        expect(parseArguments([`--${name}=${value}`])).toBe(`--${name} is a positive integer, and not "${value}".`)
    expect(parseArguments(['--seedz', '3'])).toMatch(/seedz/)
  })

  test('says in one sentence what it does not take, and ends with 2', () => {
    const script = join(import.meta.dirname, 'simulate.ts')
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, '--seeds', 'abc'], {
      encoding: 'utf8'
    })
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: '--seeds is a positive integer, and not "abc".\n'
    })
  })
})
