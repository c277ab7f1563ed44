import { describe, expect, it } from 'vitest'
import { en } from '../../texts/en.ts'
import { lettersOfRelay, nameOfRelay, troubleOf } from './relay-words.ts'
import { relayOfKey } from './use-relay-keys.ts'

it.each([
  ['https://chat.family.example', 'chat.family.example', 'CF'],
  ['https://www.maru.example', 'www.maru.example', 'ME'],
  ['http://attic.local:4100', 'attic.local:4100', 'A'],
  ['http://localhost:4100', 'localhost:4100', 'L'],
  ['http://192.168.0.10:4100', '192.168.0.10:4100', '10'],
  ['http://127.0.0.1:4177', '127.0.0.1:4177', '77'],
  ['http://[fd00::a1]:4100', '[fd00::a1]:4100', 'A1']
])('%s is called %s, and signed %s', (url, name, letters) => {
  expect([nameOfRelay(url), lettersOfRelay(url)]).toEqual([name, letters])
})

describe('what is the matter with a relay', () => {
  const trouble = (...args: Parameters<typeof troubleOf> extends [unknown, ...infer Rest] ? Rest : never) =>
    troubleOf(en, ...args)?.words ?? null

  it('is said where it is not as it should be', () => {
    expect(trouble('open', { name: 'connected' })).toBeNull()
    expect(trouble('open', { name: 'connected', relayCannotStore: true })).toBe(en.connection.cannotStore)
    expect(trouble('open', { name: 'connecting' })).toBeNull()
    expect(trouble('open', { name: 'waiting', reason: 'network', retryAt: 0 })).toBe(en.relays.notConnected)
    expect(trouble('open', { name: 'ended', reason: 'signed-out' })).toBe(en.relays.signedOut)
    expect(trouble('open', { name: 'ended', reason: 'other-relay' })).toBe(en.relays.cannotConnect)
    expect(trouble('opening', undefined)).toBe(en.relays.opening)
    expect(trouble('unreadable', undefined)).toBe(en.relays.unreadable)
    expect(trouble('broken', undefined)).toBe(en.relays.unreadable)
  })
})

describe('keys that go to a relay', () => {
  const none = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false }
  it.each([
    [{ code: 'Digit1', ctrlKey: true }, 0],
    [{ code: 'Digit9', metaKey: true }, 8],
    [{ code: 'Digit0', ctrlKey: true }, null],
    [{ code: 'Digit1' }, null],
    // AltGr, which writes braces on many layouts, is Ctrl and Alt.
    [{ code: 'Digit7', ctrlKey: true, altKey: true }, null],
    [{ code: 'Digit1', ctrlKey: true, shiftKey: true }, null],
    [{ code: 'Digit1', ctrlKey: true, isComposing: true }, null]
  ] as const)('%j: %s', (key, at) => {
    expect(relayOfKey({ ...none, ...key })).toBe(at)
  })
})
