// Virtual time for a whole world: nothing happens but what is due, one thing after the other, in an order that the seed decides.
// Knows neither relay nor devices.
import type { Clock } from '../src-renderer/connection/clock.ts'

interface Task {
  at: number
  /** Decides among tasks of the same moment. */
  tie: number
  run: (() => void) | null
}

export interface Scheduler extends Clock {
  /** Runs what is due until `end()` says so, looked at between any two tasks, or until `maxMs` have passed. True if `end` said so. */
  run(end: () => boolean, maxMs: number): Promise<boolean>
  /** Real work, in real time, during which the world stands still. */
  hold<T>(work: () => Promise<T>): Promise<T>
  /** How many tasks were run so far. */
  readonly steps: number
}

const AFTER_WORK_MS = 2

/** @param start in ms since 1970 */
export function createScheduler(random: () => number, start: number): Scheduler {
  const heap: Task[] = []
  let now = start
  let steps = 0
  let held = 0
  let hasWorked = false

  /** All promises that can go on have gone on: none of the world's waits for anything but its scheduler, and what it holds still for. */
  async function settled(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (held === 0 && !hasWorked) return
    if (held === 0) {
      hasWorked = false
      // What a database tells its watchers comes a moment after it has worked.
      await new Promise<void>((resolve) => setTimeout(resolve, AFTER_WORK_MS))
    }
    await settled()
  }

  const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.tie < b.tie)

  function push(task: Task): void {
    let at = heap.length
    heap.push(task)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Task
      if (!before(task, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = task
  }

  function pop(): Task | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Task, heap[child] as Task)) child += 1
      if (!before(heap[child] as Task, last)) break
      heap[at] = heap[child] as Task
      at = child
    }
    heap[at] = last
    return first
  }

  return {
    // Whole ms, as a clock tells them.
    now: () => Math.floor(now),
    after: (ms, run) => {
      const task: Task = { at: now + Math.max(0, ms), tie: random(), run }
      push(task)
      return () => {
        task.run = null
      }
    },
    hold: async (work) => {
      held += 1
      try {
        return await work()
      } finally {
        held -= 1
        hasWorked = true
      }
    },
    get steps() {
      return steps
    },
    run: async (end, maxMs) => {
      const stopAt = now + maxMs
      await settled()
      while (!end()) {
        const next = heap[0]
        if (next === undefined || next.at > stopAt) {
          now = stopAt
          return end()
        }
        pop()
        if (next.run === null) continue
        now = next.at
        steps += 1
        next.run()
        await settled()
      }
      return true
    }
  }
}
