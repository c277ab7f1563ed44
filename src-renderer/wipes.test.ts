// Signing out with everything: what was begun is finished, whatever happens in between.
import { describe, expect, it, vi } from 'vitest'
import { finishWipes, keepAfterAll, wipe } from './wipes.ts'

class FakeStorage {
  readonly items = new Map<string, string>()
  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value)
  }
  removeItem(key: string): void {
    this.items.delete(key)
  }
}

const minji = { relayId: 'relay-1', userId: 'user-minji' }
const joon = { relayId: 'relay-1', userId: 'user-joon' }
const working = () => ({ wipe: vi.fn<() => Promise<void>>(async () => undefined) })
const dying = { wipe: async () => Promise.reject(new Error('the window was closed')) }

describe('deleting what is on the device', () => {
  it('leaves no note once it is done', async () => {
    const storage = new FakeStorage()
    const store = working()
    await wipe(storage, minji, store)
    expect(store.wipe).toHaveBeenCalledTimes(1)
    expect(storage.items.size).toBe(0)
  })

  it('happens where there is no space for a note', async () => {
    const storage = new FakeStorage()
    const full = (): never => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const store = working()
    await wipe(Object.assign(storage, { setItem: full }), minji, store)
    expect(store.wipe).toHaveBeenCalledTimes(1)
    await expect(wipe(storage, minji, dying)).rejects.toThrow('closed')
  })

  it('that was interrupted is finished at the next start, for whom it was begun', async () => {
    const storage = new FakeStorage()
    await expect(wipe(storage, minji, dying)).rejects.toThrow('closed')
    const store = working()
    const open = vi.fn<(whose: typeof minji) => Promise<typeof store>>(async () => store)
    const problems = vi.fn<(problem: unknown) => void>()
    await finishWipes(storage, problems, open)
    expect(open.mock.calls).toEqual([[minji]])
    expect(store.wipe).toHaveBeenCalledTimes(1)
    expect(problems).not.toHaveBeenCalled()
    await finishWipes(storage, problems, open)
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('that fails again is told, tried again, and holds up no other', async () => {
    const storage = new FakeStorage()
    for (const whose of [minji, joon]) await expect(wipe(storage, whose, dying)).rejects.toThrow('closed')
    const problems = vi.fn<(problem: unknown) => void>()
    await finishWipes(storage, problems, async ({ userId }) => (userId === joon.userId ? working() : dying))
    expect(problems).toHaveBeenCalledTimes(1)
    const opened: string[] = []
    await finishWipes(storage, problems, async ({ userId }) => {
      opened.push(userId)
      return working()
    })
    expect(opened).toEqual([minji.userId])
  })

  it('does not happen to whoever has signed in again meanwhile', async () => {
    const storage = new FakeStorage()
    await expect(wipe(storage, minji, dying)).rejects.toThrow('closed')
    keepAfterAll(storage, minji)
    const open = vi.fn<() => Promise<ReturnType<typeof working>>>(async () => working())
    await finishWipes(storage, () => undefined, open)
    expect(open).not.toHaveBeenCalled()
  })

  it('a note that cannot be read deletes nothing', async () => {
    const storage = new FakeStorage()
    const open = vi.fn<() => Promise<ReturnType<typeof working>>>(async () => working())
    for (const text of ['{', '[{"relayId":1}]', '"all"']) {
      storage.setItem('maru.wipes', text)
      await finishWipes(storage, () => undefined, open)
    }
    expect(open).not.toHaveBeenCalled()
  })
})
