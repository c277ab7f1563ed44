import { describe, expect, it } from 'vitest'
import { createOriginCheck } from './origins.ts'

describe('which pages may use the relay', () => {
  const allows = (headers: { origin?: string; host?: string }, config: object = {}): boolean =>
    createOriginCheck({ corsOrigins: [], host: '127.0.0.1', ...config })({ headers })

  it.each([
    '127.0.0.1:4100',
    'localhost:4100',
    '[::1]:4100',
    '192.168.0.7',
    'nas:4100',
    'family.local',
    'a.home.arpa:80'
  ])('its own, at %s', (host) => {
    expect(allows({ host })).toBe(true)
    expect(allows({ host, origin: `http://${host}` })).toBe(true)
    expect(allows({ host, origin: `https://${host}` })).toBe(true)
    expect(allows({ host, origin: 'https://evil.example' })).toBe(false)
    expect(allows({ host, origin: 'null' })).toBe(false)
  })

  it('not one whose own name was made to lead here (DNS rebinding), unless the name is said to be the relay’s', () => {
    const host = 'evil.example:4100'
    expect(allows({ host })).toBe(false)
    expect(allows({ host, origin: `http://${host}` })).toBe(false)
    for (const host of ['chat.example.org', 'CHAT.example.org:4100', 'chat.example.org.']) {
      expect(allows({ host })).toBe(false)
      expect(allows({ host }, { publicUrl: 'https://chat.example.org/' })).toBe(true)
      expect(allows({ host }, { corsOrigins: ['https://chat.example.org'] })).toBe(true)
      expect(allows({ host }, { host: 'chat.example.org' })).toBe(true)
    }
    expect(allows({ host: 'chat.example.org.evil.example' }, { publicUrl: 'https://chat.example.org/' })).toBe(false)
  })

  it('the desktop app and named ones, whatever the relay is called; programs say no origin', () => {
    const host = 'chat.example.org'
    expect(allows({ host, origin: 'app://maru' })).toBe(true)
    expect(allows({ host, origin: 'https://named.example' }, { corsOrigins: ['https://named.example'] })).toBe(true)
    expect(allows({})).toBe(true)
    expect(allows({ origin: 'https://evil.example' })).toBe(false)
  })
})
