// What a test of src-renderer/ finds in its simulated browser: an IndexedDB, and a page emptied after each test.
import 'fake-indexeddb/auto'
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Of a machine that is busy with other things: what is right does not take longer for it.
configure({ asyncUtilTimeout: 5_000 })
afterEach(cleanup)
