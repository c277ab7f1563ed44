import { describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { STATUS_INTERVAL_MS, watchStatus } from './status.ts'
import type { Status } from './status.ts'

const nobody: Status = { people: 0, devices: 0, names: [], storedBytes: 100, announced: true, hasOwner: true }

/** A watch whose time goes on by hand. */
function watched(looks: (() => Promise<Status>)[]) {
  const told: Status[] = []
  const waiting: (() => void)[] = []
  let looked = () => {}
  const watch = watchStatus({
    look: async () => {
      const look = looks.shift() ?? (async () => nobody)
      return look()
    },
    tell: async (status) => void told.push(status),
    timer: (ms, run) => {
      expect(ms).toBe(STATUS_INTERVAL_MS)
      waiting.push(run)
      looked()
      return () => waiting.splice(waiting.indexOf(run), 1)
    },
    log: silentLog
  })
  const turnEnds = async () => {
    if (waiting.length === 0) await new Promise<void>((resolve) => (looked = resolve))
  }
  return {
    told,
    waiting,
    watch,
    turnEnds,
    next: async () => {
      waiting.shift()?.()
      await turnEnds()
    }
  }
}

describe('how a hosted relay is', () => {
  it('is told at once, then when it has changed, at most every two seconds', async () => {
    const somebody = { ...nobody, people: 1, devices: 2, names: ['Minji'] }
    const { told, turnEnds, next } = watched(
      [nobody, { ...nobody }, somebody, somebody, nobody].map((each) => async () => each)
    )
    await turnEnds()
    expect(told).toEqual([nobody])
    await next()
    expect(told).toHaveLength(1)
    await next()
    await next()
    expect(told).toEqual([nobody, somebody])
    await next()
    expect(told).toEqual([nobody, somebody, nobody])
  })

  it('a fault in looking does not end it', async () => {
    const { told, turnEnds, next } = watched([async () => Promise.reject(new Error('disk')), async () => nobody])
    await turnEnds()
    expect(told).toEqual([])
    await next()
    expect(told).toEqual([nobody])
  })

  it('tells nothing once it is stopped, not even what it was looking at', async () => {
    let answer = (_status: Status) => {}
    const { told, watch, waiting } = watched([() => new Promise((resolve) => (answer = resolve))])
    watch.stop()
    answer(nobody)
    await Promise.resolve()
    await Promise.resolve()
    expect([told, waiting]).toEqual([[], []])
  })
})
