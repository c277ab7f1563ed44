// What a test of src-renderer/ finds in its simulated browser: an IndexedDB, and a page emptied after each test.
import 'fake-indexeddb/auto'
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(cleanup)
