// The PostgreSQL driver against the storage contract.
import { describe } from 'vitest'
import { storageContract } from '../contract.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

describe('on PostgreSQL', () => {
  const database = usePostgres()
  storageContract('PostgreSQL', async () => {
    const url = await database().place()
    let storage = await openPostgresStorage({ url })
    return {
      storage,
      reopen: async () => {
        await storage.close()
        storage = await openPostgresStorage({ url })
        return storage
      },
      dispose: () => storage.close()
    }
  })
})
