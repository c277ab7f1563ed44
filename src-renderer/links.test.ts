import { describe, expect, it } from 'vitest'
import { endOfLink } from './links.ts'

const ROOM = '0190d5a0-1111-7000-8000-00000000000a'
const RELAY = 'http://nas.local:4100'
const link = (parts: Record<string, string>) => `maru://room?${new URLSearchParams(parts).toString()}`

describe('a link by which another program opened the app', () => {
  it('leads to the room or the message that it names, of a relay that one is signed in at', () => {
    const own = ['https://other.example', RELAY]
    expect(endOfLink(link({ relay: RELAY, room: ROOM }), own)).toEqual({ relayUrl: RELAY, hash: `#/room/${ROOM}` })
    expect(endOfLink(link({ relay: `${RELAY}/`, room: ROOM.toUpperCase(), seq: '42' }), [`${RELAY}/`])).toEqual({
      relayUrl: RELAY,
      hash: `#/room/${ROOM}/message/42`
    })
    const spellings = [`maru://room/?relay=${RELAY}&room=${ROOM}`, ` maru:room?relay=${RELAY}&room=${ROOM}\n`]
    for (const each of spellings) expect(endOfLink(each, own)).toEqual({ relayUrl: RELAY, hash: `#/room/${ROOM}` })
  })

  it('leads to the invite that it carries, whoever is signed in', () => {
    const invite = `maru://join?${new URLSearchParams({ relay: RELAY, code: 'apple-river' }).toString()}`
    for (const own of [[], [RELAY], ['https://other.example']]) {
      expect(endOfLink(invite, own)).toEqual({
        relayUrl: RELAY,
        hash: `#/join/apple-river/${encodeURIComponent(RELAY)}`
      })
    }
  })

  it('to a room of another relay is told as that, and goes nowhere', () => {
    for (const own of ['https://nas.local:4100', 'http://nas.local', 'http://nas.local.evil:4100']) {
      expect(endOfLink(link({ relay: RELAY, room: ROOM }), [own])).toEqual({
        problem: { name: 'elsewhere', relay: RELAY }
      })
    }
    expect(endOfLink(link({ relay: RELAY, room: ROOM }), [])).toEqual({
      problem: { name: 'signedOut', relay: RELAY }
    })
  })

  it.each([
    'maru:',
    'maru://',
    'maru://else?relay=http://a&room=b',
    'maru://room',
    link({ relay: RELAY }),
    link({ room: ROOM }),
    link({ relay: 'javascript:alert(1)', room: ROOM }),
    link({ relay: 'file:///etc', room: ROOM }),
    link({ relay: RELAY, room: '../../admin' }),
    link({ relay: RELAY, room: ROOM, seq: '0' }),
    link({ relay: RELAY, room: ROOM, seq: '1e3' }),
    link({ relay: RELAY, room: ROOM, seq: '-1' }),
    `maru://room/${ROOM}?${new URLSearchParams({ relay: RELAY, room: ROOM }).toString()}`,
    'no link'
  ])('that nobody understands is told as that: %s', (each) => {
    expect(endOfLink(each, [RELAY])).toEqual({ problem: { name: 'notUnderstood' } })
  })
})
