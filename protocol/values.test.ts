// The door: what gets in, what is folded on the way, and that an error names the field and the limit.
import { describe, expect, it } from 'vitest'
import { ProtocolError } from './errors.ts'
import { MAX_BODY_CHARS } from './limits.ts'
import { operationSchema } from './operations.ts'
import { parse } from './parse.ts'
import { createAccountSchema, listMessagesSchema } from './rest.ts'
import { pushSchema } from './socket.ts'
import {
  bodySchema,
  displayNameSchema,
  emojiSchema,
  idSchema,
  newId,
  streamSchema,
  timeSchema,
  usernameSchema
} from './values.ts'

function errorOf(work: () => unknown): ProtocolError {
  try {
    work()
  } catch (error) {
    if (error instanceof ProtocolError) return error
    throw error
  }
  throw new Error('expected a ProtocolError')
}

describe('parse', () => {
  it('names the path of the first wrong field and its limit', () => {
    const operation = {
      type: 'message.send',
      roomId: newId(),
      messageId: newId(),
      body: 'x'.repeat(MAX_BODY_CHARS + 1),
      sentAt: '2026-02-10T00:00:00Z'
    }
    expect(errorOf(() => parse(operationSchema, operation, 'operation'))).toMatchObject({
      code: 'invalid',
      field: 'operation.body',
      limit: MAX_BODY_CHARS
    })
    const push = {
      settled: 0,
      operations: [
        { id: newId(), n: 1 },
        { id: newId(), n: 'two' }
      ]
    }
    expect(errorOf(() => parse(pushSchema, push))).toMatchObject({ field: 'operations[1].n' })
  })

  it('never repeats what it was given', () => {
    const account = { username: 'minji', password: 'hunter2', displayName: 7 }
    const error = errorOf(() => parse(createAccountSchema, account))
    expect(JSON.stringify(error.toWire())).not.toContain('hunter2')
  })

  it.each([undefined, null, 0, '', [], 'text', Number.NaN])('refuses %j as an object', (input) => {
    expect(errorOf(() => parse(pushSchema, input)).code).toBe('invalid')
  })
})

describe('values', () => {
  it('makes ids in order of time that are their own canonical spelling', () => {
    const ids = Array.from({ length: 100 }, newId)
    expect(ids.toSorted()).toEqual(ids)
    for (const id of ids) expect(parse(idSchema, id)).toBe(id)
    expect(parse(idSchema, ids[0]?.toUpperCase())).toBe(ids[0])
  })

  it('keeps a body as it is, and refuses what no storage can hold', () => {
    for (const body of ['  spaces stay  ', '한글', '한글'.normalize('NFD'), '👩‍👩‍👧', 'שלום', 'a\nb'])
      expect(parse(bodySchema, body)).toBe(body)
    for (const body of ['', ' \n\t', 'half a pair \ud800', 'nul \0', 7]) errorOf(() => parse(bodySchema, body))
  })

  it('takes names that people can see in one line: trimmed and NFC, with no control characters', () => {
    expect(parse(displayNameSchema, '  민지 김 '.normalize('NFD'))).toBe('민지 김')
    for (const name of ['👩‍👩‍👧', 'שלום', 'a', '\u0e01\u0e33']) expect(parse(displayNameSchema, name)).toBe(name)
    for (const name of [
      '',
      ' ',
      '\u200b',
      '\u3164',
      '\u2060 \u00ad',
      '\u202e',
      'two\nlines',
      'a\tb',
      'esc \u001b[2J',
      '\ud800'
    ])
      expect(errorOf(() => parse(displayNameSchema, name)).code).toBe('invalid')
  })

  it('folds usernames, so that one name has one spelling', () => {
    expect(parse(usernameSchema, ' Ｍinji.K ')).toBe('minji.k')
    expect(parse(usernameSchema, '민지')).toBe('민지')
    for (const name of ['a', 'two words', 'x'.repeat(33), 'a/b', '<b>']) errorOf(() => parse(usernameSchema, name))
  })

  it('[S5] takes any clock and keeps UTC with milliseconds', () => {
    expect(parse(timeSchema, '2016-11-20T09:00:00+09:00')).toBe('2016-11-20T00:00:00.000Z')
    expect(parse(timeSchema, '2036-11-20T00:00:00.5Z')).toBe('2036-11-20T00:00:00.500Z')
    for (const time of ['yesterday', 1_700_000_000_000, '2026-13-40T00:00:00Z']) errorOf(() => parse(timeSchema, time))
  })

  it('takes one emoji as people see it, however it is put together, and no text', () => {
    for (const emoji of ['👍', '👍🏽', '❤', '❤️', '👩‍🚀', '👩🏽‍❤️‍💋‍👨🏻', '🇰🇷', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#️⃣', '©️', '🫩'])
      expect(parse(emojiSchema, emoji)).toBe(emoji)
    for (const text of [
      '',
      'a',
      '1',
      '#',
      '👍👍',
      '👍 ',
      '👍a',
      '🇰',
      '🏽',
      '\u200d',
      '\ufe0f',
      'ㅋ',
      '👍'.repeat(20),
      '\ud83d',
      7
    ])
      expect(errorOf(() => parse(emojiSchema, text)).code).toBe('invalid')
  })

  it('knows four kinds of streams', () => {
    const id = newId()
    for (const stream of ['users', `user:${id}`, `room:${id}`, `reads:${id}`])
      expect(parse(streamSchema, stream)).toBe(stream)
    for (const stream of ['', 'rooms', 'user:', `room:${id.toUpperCase()}`, 'reads:', `read:${id}`, 7])
      errorOf(() => parse(streamSchema, stream))
  })

  it('takes numbers of a query only as whole numbers, and before or since, not both', () => {
    expect(parse(listMessagesSchema, { before: '10', limit: '5' })).toEqual({ before: 10, limit: 5 })
    for (const query of [{ before: '-1' }, { limit: '1e3' }, { limit: '0' }, { limit: '201' }, { since: ['1', '2'] }])
      errorOf(() => parse(listMessagesSchema, query))
    expect(errorOf(() => parse(listMessagesSchema, { before: '1', since: '1' })).field).toBe('since')
  })
})
