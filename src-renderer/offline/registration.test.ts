import { describe, expect, it } from 'vitest'
import { neededToStart } from './registration.ts'

const withWorkers = { serviceWorker: {} }

describe('what the client needs in order to start', () => {
  it.each([
    ['nothing', 'app:', true, withWorkers],
    ['first-visit', 'https:', true, withWorkers],
    ['first-visit', 'http:', true, withWorkers],
    ['relay', 'http:', false, {}],
    ['unknown', 'https:', true, {}]
  ])('%s: %s, secure context %s', (expected, protocol, isSecureContext, navigator) => {
    expect(neededToStart({ location: { protocol }, isSecureContext, navigator })).toBe(expected)
  })
})
