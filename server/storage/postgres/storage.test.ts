// The PostgreSQL driver against the storage contract; where chance decides, also with as little in memory as possible.
import { describe } from 'vitest'
import { storageContract } from '../contract.ts'
import { modelContract } from '../contract/model.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  const open = async (kept?: number) => {
    const url = await database().place()
    const openIt = () => openPostgresStorage(kept === undefined ? { url } : { url, kept })
    let storage = await openIt()
    return {
      storage,
      reopen: async () => {
        await storage.close()
        storage = await openIt()
        return storage
      },
      dispose: () => storage.close()
    }
  }
  storageContract('PostgreSQL', () => open())
  describe('PostgreSQL, hardly anything in memory', () => {
    modelContract(() => open(1))
  })
})
