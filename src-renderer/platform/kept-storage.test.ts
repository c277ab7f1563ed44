import { describe, expect, it } from 'vitest'
import { askToKeepStorage, storageKeeping } from './kept-storage.ts'

/** A browser's storage that grants the promise or not, and counts how often it was asked. */
function storageOf({ persisted, grants }: { persisted: boolean; grants: boolean }) {
  let asked = 0
  const storage = {
    persisted: async () => persisted,
    persist: async () => {
      asked += 1
      return grants
    }
  }
  return { storage: storage as unknown as StorageManager, asked: () => asked }
}

describe('the promise to keep what is stored', () => {
  it('is asked for where there is none yet', async () => {
    const granting = storageOf({ persisted: false, grants: true })
    expect(await storageKeeping(granting.storage)).toBe('while-there-is-room')
    expect(await askToKeepStorage(granting.storage)).toBe('promised')
    expect(granting.asked()).toBe(1)
    expect(await askToKeepStorage(storageOf({ persisted: false, grants: false }).storage)).toBe('while-there-is-room')
  })

  it('is not asked for again', async () => {
    const kept = storageOf({ persisted: true, grants: true })
    expect(await askToKeepStorage(kept.storage)).toBe('promised')
    expect(kept.asked()).toBe(0)
  })

  it('is unknown where the browser says nothing or refuses to', async () => {
    expect(await askToKeepStorage({} as StorageManager)).toBe('unknown')
    const refusing = { persisted: async () => Promise.reject(new TypeError('opaque origin')) }
    expect(await askToKeepStorage(refusing as unknown as StorageManager)).toBe('unknown')
  })
})
