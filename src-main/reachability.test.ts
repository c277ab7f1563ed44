import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { whyUnreachable } from './reachability.ts'
import { net } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const RELAY = 'https://relay.test:4100'
/** As Electron rejects. */
const fails = (name: string) => async (): Promise<Response> => Promise.reject(new Error(`net::${name}`))

/** What was seen of its certificates. */
let changed = false
let refusedBefore = false
const seen = { hasChanged: () => changed, wasRefusedBefore: () => refusedBefore }

beforeEach(() => {
  changed = false
  refusedBefore = false
  vi.useFakeTimers()
  net.asked.length = 0
})
afterEach(() => void vi.useRealTimers())

describe('why there is no relay', () => {
  it.each([
    ['ERR_NAME_NOT_RESOLVED', 'name-not-found'],
    ['ERR_NAME_RESOLUTION_FAILED', 'name-not-found'],
    ['ERR_CONNECTION_REFUSED', 'refused'],
    ['ERR_CERT_AUTHORITY_INVALID', 'certificate'],
    ['ERR_CERT_DATE_INVALID', 'certificate'],
    ['ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'certificate'],
    ['ERR_SSL_PROTOCOL_ERROR', 'unknown'],
    ['ERR_CONNECTION_RESET', 'unknown'],
    ['ERR_INTERNET_DISCONNECTED', 'unknown'],
    ['ERR_NAME', 'unknown']
  ])('%s: %s', async (name, reason) => {
    net.answer = fails(name)
    expect(await whyUnreachable(RELAY, seen)).toBe(reason)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['ERR_FAILED', 'ERR_CERT_AUTHORITY_INVALID'])(
    '%s: another certificate than the pinned one, where one was seen; or one that was refused before it was pinned',
    async (name) => {
      net.answer = fails(name)
      const otherwise = name === 'ERR_FAILED' ? 'unknown' : 'certificate'
      expect(await whyUnreachable(RELAY, seen)).toBe(otherwise)
      changed = true
      expect(await whyUnreachable(RELAY, seen)).toBe('certificate-changed')
      refusedBefore = true
      expect(await whyUnreachable(RELAY, seen)).toBe('restart-needed')
      net.answer = fails('ERR_CONNECTION_REFUSED')
      expect(await whyUnreachable(RELAY, seen)).toBe('refused')
      net.answer = async () => new Response()
      expect(await whyUnreachable(RELAY, seen)).toBe('unknown')
    }
  )

  it('is unknown for an error that is none of the network', async () => {
    net.answer = async () => Promise.reject(new TypeError('ERR_CONNECTION_REFUSED'))
    expect(await whyUnreachable(RELAY, seen)).toBe('unknown')
  })

  it('is unknown when somebody answers, whose answer is thrown away', async () => {
    net.answer = async () => new Response('something private')
    expect(await whyUnreachable(RELAY, seen)).toBe('unknown')
    expect(net.asked[0]?.[1].signal?.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is unknown after five seconds of silence', async () => {
    net.answer = async () => new Promise<never>(() => {})
    const told = vi.fn<(reason: string) => void>()
    const asked = whyUnreachable(RELAY, seen).then(told)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(told).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await asked
    expect(told).toHaveBeenCalledWith('unknown')
  })

  it('is asked for at one path of the address only, without cookies, and without following anybody', async () => {
    net.answer = fails('ERR_CONNECTION_REFUSED')
    await whyUnreachable('http://anna:secret@relay.test:4100/admin?delete=all#now', seen)
    expect(net.asked).toMatchObject([
      ['http://relay.test:4100/api/v1/relay', { method: 'GET', credentials: 'omit', redirect: 'error' }]
    ])
    expect(Object.keys(net.asked[0]?.[1] ?? {})).not.toContain('headers')
  })
})
