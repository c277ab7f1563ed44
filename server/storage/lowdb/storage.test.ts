// The lowdb driver against the storage contract: with everything in memory, and with as little of it as possible.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storageContract } from '../contract.ts'
import { openLowdbStorage } from './storage.ts'
import type { LowdbLimits } from './storage.ts'

async function open(limits: Partial<LowdbLimits>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'maru-storage-'))
  const openIt = () => openLowdbStorage({ dataDir, limits })
  let storage = await openIt()
  return {
    storage,
    reopen: async () => {
      await storage.close()
      storage = await openIt()
      return storage
    },
    dispose: async () => {
      await storage.close()
      await rm(dataDir, { recursive: true })
    }
  }
}

storageContract('lowdb', () => open({}))
// Documents are written after nearly every commit, and no segment stays in memory that need not.
storageContract('lowdb, always writing', () =>
  open({ journalBytes: 1, segments: 1, segmentBytes: 1, fingerprintBytes: 1 })
)
