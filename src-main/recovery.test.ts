import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebContents } from 'electron'
import { recoverFromCrashes, tellOfLostProcesses } from './recovery.ts'
import { app, FakeWebContents } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let contents: FakeWebContents
let nowMs: number
let waits: { ms: number; work: () => void }[]
const onProblem = vi.fn<(problem: unknown) => void>()

beforeEach(() => {
  contents = new FakeWebContents()
  nowMs = 0
  waits = []
  onProblem.mockClear()
  recoverFromCrashes(contents as unknown as WebContents, {
    now: () => nowMs,
    after: (ms, work) => waits.push({ ms, work }),
    onProblem
  })
})

function die(reason = 'crashed', livedMs = 0): number | undefined {
  nowMs += livedMs
  contents.emit('render-process-gone', {}, { reason, exitCode: 139 })
  const wait = waits.pop()
  wait?.work()
  return wait?.ms
}

describe("a page's process that dies", () => {
  it.each(['crashed', 'oom', 'killed', 'abnormal-exit', 'launch-failed', 'memory-eviction', 'integrity-failure'])(
    'is brought back and told of: %s',
    (reason) => {
      expect(die(reason)).toBe(500)
      expect(contents.reloads).toBe(1)
      expect(onProblem).toHaveBeenCalledOnce()
    }
  )

  it('is left alone when it ended by itself, or when its window is gone', () => {
    expect(die('clean-exit')).toBeUndefined()
    contents.destroyed = true
    die()
    expect(contents.reloads).toBe(0)
  })

  it('is brought back ever more slowly, until it has lived for a minute', () => {
    expect([die(), die(), die(), die(), die()]).toEqual([500, 2_000, 10_000, 30_000, 30_000])
    expect(die('crashed', 59_999)).toBe(30_000)
    expect(die('crashed', 60_000)).toBe(500)
    expect(die()).toBe(2_000)
    expect(contents.reloads).toBe(8)
  })
})

it('developers hear of other processes that are gone, by name, but not of those that have ended', () => {
  tellOfLostProcesses(onProblem)
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 })
  expect(onProblem).not.toHaveBeenCalled()
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed', exitCode: 139, name: 'Network Service' })
  app.emit('child-process-gone', {}, { type: 'GPU', reason: 'oom', exitCode: 9 })
  expect(onProblem.mock.calls.map(([problem]) => String(problem))).toEqual([
    'Error: a process is gone: Network Service, crashed (139)',
    'Error: a process is gone: GPU, oom (9)'
  ])
})
