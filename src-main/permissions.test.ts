import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from 'electron'
import { lockPermissions } from './permissions.ts'
import { FakeSession } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const OWN = 'app://maru/index.html'
const ALLOWED = [
  'notifications',
  'clipboard-sanitized-write',
  'persistent-storage',
  'local-network',
  'loopback-network',
  'local-network-access'
]
const REFUSED = ['media', 'geolocation', 'clipboard-read', 'openExternal', 'hid', 'usb', 'display-capture', 'unknown']

type Ask = (permission: string, url: string, isMainFrame?: boolean, embeddingOrigin?: string) => boolean
let request: Ask
let check: Ask
let session: FakeSession

beforeEach(() => {
  session = new FakeSession()
  lockPermissions(session as unknown as Session)
  request = (permission, requestingUrl, isMainFrame = true) => {
    const handler = session.onRequest as (...args: unknown[]) => void
    let granted: boolean | undefined
    handler({}, permission, (answer: boolean) => (granted = answer), { requestingUrl, isMainFrame })
    if (granted === undefined) throw new Error('nobody answered')
    return granted
  }
  check = (permission, origin, isMainFrame = true, embeddingOrigin) => {
    const handler = session.onCheck as (...args: unknown[]) => boolean
    return handler(null, permission, origin, { isMainFrame, ...(embeddingOrigin ? { embeddingOrigin } : {}) })
  }
})

describe('permissions', () => {
  it.each(ALLOWED)('%s: for our own page, in both handlers', (permission) => {
    expect([request(permission, OWN), check(permission, 'app://maru/')]).toEqual([true, true])
  })

  it.each(REFUSED)('%s: for nobody', (permission) => {
    expect([request(permission, OWN), check(permission, 'app://maru/')]).toEqual([false, false])
  })

  it.each([
    'https://example.org/',
    'https://maru/',
    'app://other/',
    'app://maru.evil/',
    'null',
    '',
    'file:///index.html'
  ])('nothing for %j', (url) => {
    for (const permission of ALLOWED) {
      expect([request(permission, url), check(permission, url)]).toEqual([false, false])
    }
  })

  it('nothing for a frame within our page, nor for ours within a foreign one', () => {
    expect(request('notifications', OWN, false)).toBe(false)
    expect(check('notifications', 'app://maru', false, 'https://example.org')).toBe(false)
  })

  it('no devices', () => {
    expect((session.onDevice as () => boolean)()).toBe(false)
  })
})
