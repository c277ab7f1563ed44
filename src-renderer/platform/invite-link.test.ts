import { expect, test } from 'vitest'
import { codeOfHash, hashOfInvite, inviteAppLink, inviteLink, readInviteLink, resetLink } from './invite-link.ts'

const RELAY = 'http://192.168.0.10:4100'
const WORDS = 'apple-river-stone-lamp-field-note'

test('what is made is read again: for the browser, for the app, and as the relay leads on', () => {
  const read = { relayUrl: RELAY, code: WORDS }
  expect(readInviteLink(inviteLink(RELAY, WORDS))).toEqual(read)
  expect(readInviteLink(inviteAppLink(RELAY, WORDS))).toEqual(read)
  expect(readInviteLink(`${RELAY}/#/join/${WORDS}`)).toEqual(read)
  expect(readInviteLink(`  ${inviteLink(RELAY, WORDS)}/\n`)).toEqual(read)
})

test('a link to another relay is opened here with its address', () => {
  const invite = { relayUrl: RELAY, code: WORDS }
  expect(codeOfHash(hashOfInvite(invite))).toEqual({ kind: 'join', ...invite })
  expect(codeOfHash(`#/join/${WORDS}`)).toEqual({ kind: 'join', code: WORDS })
})

test("the fingerprint of a relay's own certificate travels along, for the app", () => {
  const invite = { relayUrl: 'https://192.168.0.10:4100', code: WORDS, fingerprint: 'ab'.repeat(32) }
  const link = inviteAppLink(invite.relayUrl, WORDS, invite.fingerprint)
  expect(readInviteLink(link)).toEqual(invite)
  expect(readInviteLink(link.replace('ab'.repeat(32), 'AB'.repeat(32)))).toEqual(invite)
  expect(codeOfHash(hashOfInvite(invite))).toEqual({ kind: 'join', ...invite })
})

test.each(['ab', 'ab'.repeat(33), 'xy'.repeat(32), ''])(
  'a link with %j for a fingerprint is no invite',
  (fingerprint) => {
    const relay = encodeURIComponent('https://192.168.0.10:4100')
    expect(readInviteLink(`maru://join?relay=${relay}&code=a&fp=${fingerprint}`)).toBeNull()
    expect(codeOfHash(`#/join/a/${relay}/${fingerprint}`)).toBeNull()
  }
)

test('a fingerprint for an address without certificates is no invite either', () => {
  expect(readInviteLink(inviteAppLink(RELAY, WORDS, 'ab'.repeat(32)))).toBeNull()
})

test('a reset brings its name and code, in any script', () => {
  const link = new URL(resetLink(RELAY, '지수.kim', 'one-two'))
  expect(link.pathname).toBe('/')
  expect(codeOfHash(link.hash)).toEqual({ kind: 'reset', username: '지수.kim', code: 'one-two' })
})

test.each([
  '#/join/',
  '#/join/a/b',
  '#/join/a/javascript%3A1',
  '#/join/a/http%3A%2F%2Fx/c',
  '#/reset/a',
  '#/reset/a/b/c',
  '#/join/%E0%A4%A',
  '#/room/a',
  '',
  '#/reset/%/b'
])('%s brings nothing', (hash) => {
  expect(codeOfHash(hash)).toBeNull()
})

test.each([
  'javascript:alert(1)//join/a',
  'maru://join?relay=javascript:alert(1)&code=a',
  'maru://room/a',
  'maru://join?relay=http://x',
  'ftp://x/join/a',
  'hello',
  `${RELAY}/join/%E0%A4%A`,
  RELAY
])('%s is no invite', (text) => {
  expect(readInviteLink(text)).toBeNull()
})
