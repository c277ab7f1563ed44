// @vitest-environment happy-dom
// What a browser that was killed has forgotten of localStorage comes back from the copy, and nothing old comes back over something newer.
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it } from 'vitest'
import { openDurableStorage } from './durable-storage.ts'
import type { DurableStorage } from './durable-storage.ts'

let disk: IDBFactory
let problems: unknown[]

beforeEach(() => {
  window.localStorage.clear()
  disk = new IDBFactory()
  problems = []
})

const open = async (): Promise<DurableStorage> =>
  openDurableStorage(window.localStorage, (problem) => problems.push(problem), disk)

/** What localStorage is brought back to by a kill: as it was when the browser last wrote it to the disk. */
function afterKill(onDisk: Record<string, string>): void {
  window.localStorage.clear()
  for (const [key, text] of Object.entries(onDisk)) window.localStorage.setItem(key, text)
}

it('a session that was saved just before a kill is there again', async () => {
  const kept = await open()
  kept.setItem('maru.session', 'minji')
  await kept.settled()
  afterKill({})
  expect((await open()).getItem('maru.session')).toBe('minji')
  expect(problems).toEqual([])
})

it('a session that was forgotten just before a kill does not come back', async () => {
  const kept = await open()
  kept.setItem('maru.session', 'minji')
  const onDisk = { 'maru.session': 'minji', 'maru.writes': '1' }
  kept.removeItem('maru.session')
  await kept.settled()
  afterKill(onDisk)
  expect((await open()).getItem('maru.session')).toBeNull()
})

it('what only localStorage has is the newer one', async () => {
  const kept = await open()
  kept.setItem('maru.session', 'minji')
  await kept.settled()
  window.localStorage.setItem('maru.session', 'joon')
  window.localStorage.setItem('maru.writes', '2')
  expect((await open()).getItem('maru.session')).toBe('joon')
})

it('two windows count the same writes', async () => {
  const [one, two] = [await open(), await open()]
  one.setItem('maru.session', 'minji')
  two.setItem('maru.devices', '{}')
  one.removeItem('maru.session')
  await Promise.all([one.settled(), two.settled()])
  afterKill({})
  const kept = await open()
  expect([kept.getItem('maru.session'), kept.getItem('maru.devices')]).toEqual([null, '{}'])
})

it('without IndexedDB it is localStorage alone, and a developer hears why', async () => {
  const broken = {
    open: () => {
      throw new Error('switched off')
    }
  } as unknown as IDBFactory
  const kept = await openDurableStorage(window.localStorage, (problem) => problems.push(problem), broken)
  kept.setItem('maru.session', 'minji')
  await kept.settled()
  expect(kept.getItem('maru.session')).toBe('minji')
  expect(problems).toHaveLength(2)
})
