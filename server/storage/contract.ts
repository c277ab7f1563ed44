// The contract suite of the storage port: every driver's test calls it. Knows no driver.
import { describe } from 'vitest'
import { ageContract } from './contract/age.ts'
import { avatarsContract } from './contract/avatars.ts'
import { changesContract } from './contract/changes.ts'
import { commitContract } from './contract/commits.ts'
import { editsContract } from './contract/edits.ts'
import type { Open } from './contract/fixtures.ts'
import { historyContract } from './contract/history.ts'
import { kindsContract } from './contract/kinds.ts'
import { manyContract } from './contract/many.ts'
import { modelContract } from './contract/model.ts'
import { peopleModelContract } from './contract/people-model.ts'
import { peopleContract } from './contract/people.ts'
import { reactionsContract } from './contract/reactions.ts'
import { removalsContract } from './contract/removals.ts'

/**
 * Declares the tests that every storage driver has to pass.
 * @param open opens a new, empty storage; `reopen` closes it properly and opens the same data again; `dispose` closes
 * whatever is open and removes the data.
 */
export function storageContract(name: string, open: Open): void {
  describe(`storage contract: ${name}`, () => {
    commitContract(open)
    historyContract(open)
    changesContract(open)
    peopleContract(open)
    removalsContract(open)
    avatarsContract(open)
    kindsContract(open)
    reactionsContract(open)
    editsContract(open)
    ageContract(open)
    manyContract(open)
    modelContract(open)
    peopleModelContract(open)
  })
}
