import { expect, test } from 'vitest'
import { parseRelayUrl } from './relay-url.ts'

test.each([
  ['family.local:4100', 'http://family.local:4100'],
  ['http://family.local:4100', 'http://family.local:4100'],
  ['http://family.local:4100///', 'http://family.local:4100'],
  ['  https://Maru.Example/  ', 'https://maru.example'],
  ['https://maru.example:443/rooms/1?x=1#top', 'https://maru.example'],
  ['192.168.0.7:4100', 'http://192.168.0.7:4100'],
  ['[::1]:4100', 'http://[::1]:4100'],
  ['localhost:4100', 'http://localhost:4100'],
  ['//family.local', 'http://family.local'],
  ['ws://family.local:4100', 'http://family.local:4100'],
  ['wss://maru.example', 'https://maru.example'],
  ['http://name:secret@family.local:4100', 'http://family.local:4100']
])('%s is %s', (typed, url) => {
  expect(parseRelayUrl(typed)).toBe(url)
})

test('an address is its own normal form', () => {
  const url = parseRelayUrl('family.local:4100')
  expect(parseRelayUrl(url)).toBe(url)
})

test.each(['', '   ', 'ftp://family.local', 'file:///etc/hosts', 'http://', 'two words', 'family.local:99999', '::1'])(
  'refuses %j, naming the field',
  (typed) => {
    expect(() => parseRelayUrl(typed)).toThrow(expect.objectContaining({ code: 'invalid', field: 'relayUrl' }))
  }
)
