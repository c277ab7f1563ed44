import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../store/news.ts'
import { folded, holdsKeyword } from './keywords.ts'
import { isQuietHour, whyTold } from './rules.ts'

const message: NewMessage = {
  id: 'id',
  seq: 5,
  kind: 'text',
  body: '점심 드셨어요?',
  authorId: 'mina',
  authorName: '미나',
  own: false,
  blocked: false,
  mentionsMe: false,
  deleted: false
}
const room = { from: 4, joined: true, readSeq: 4, mutedUntil: null }
const NOW = Date.UTC(2026, 1, 10)
const later = (ms: number) => new Date(NOW + ms).toISOString()

describe('why somebody is told of a message', () => {
  it('because others said it and it was not read', () => {
    expect(whyTold(message, room, [], NOW)).toBe('message')
    expect(whyTold(message, { ...room, readSeq: 5 }, [], NOW)).toBeNull()
    expect(whyTold(message, { ...room, from: 5 }, [], NOW)).toBeNull()
    expect(whyTold(message, { ...room, joined: false }, [], NOW)).toBeNull()
  })

  it('a mention and a keyword go before the mute, and nothing goes before a block', () => {
    const muted = { ...room, mutedUntil: later(1) }
    expect(whyTold(message, muted, [], NOW)).toBeNull()
    expect(whyTold(message, muted, ['점심'], NOW)).toBe('keyword')
    expect(whyTold({ ...message, mentionsMe: true }, muted, ['점심'], NOW)).toBe('mention')
    expect(whyTold({ ...message, mentionsMe: true, blocked: true }, muted, ['점심'], NOW)).toBeNull()
  })

  it('a mute ends with its time', () => {
    expect(whyTold(message, { ...room, mutedUntil: later(0) }, [], NOW)).toBe('message')
    expect(whyTold(message, { ...room, mutedUntil: later(1) }, [], NOW)).toBeNull()
  })
})

describe('keywords', () => {
  it.each([
    ['회의가 세 시예요', '회의', true],
    ['세 시에 회 의', '회의', false],
    // Hangul in its parts, as some systems write file names and names.
    ['회의가 있어요', '회의'.normalize('NFD'), true],
    ['회의가 있어요'.normalize('NFD'), '회의', true],
    ['ＭＡＲＵ 2.0', 'maru', true],
    ['Maru는 빨라요', 'maru', true],
    ['a party', 'art', false],
    ['ART!', 'art', true],
    ['partly art', 'art', true],
    ['ÉCOLE', 'école', true],
    ['v2026 is out', '2026', false],
    ['2026년', '2026', true],
    ['release  notes', 'Release Notes', true],
    ['c++ is hard', 'C++', true],
    ['🎉 done', '🎉', true],
    ['anything', '', false]
  ])('in %j: %j is %j', (text, keyword, found) => {
    expect(holdsKeyword(text, [folded(keyword)])).toBe(found)
  })

  it('any of them is enough', () => {
    expect(holdsKeyword('회식', [folded('회의'), folded('회식')])).toBe(true)
    expect(holdsKeyword('회식', [])).toBe(false)
  })
})

describe('hours in which nothing is told', () => {
  const at = (hours: number, minutes: number) => new Date(2026, 1, 10, hours, minutes)

  it.each([
    ['22:00', '08:00', at(21, 59), false],
    ['22:00', '08:00', at(22, 0), true],
    ['22:00', '08:00', at(0, 0), true],
    ['22:00', '08:00', at(7, 59), true],
    ['22:00', '08:00', at(8, 0), false],
    ['09:30', '10:00', at(9, 29), false],
    ['09:30', '10:00', at(9, 30), true],
    ['09:30', '10:00', at(10, 0), false],
    ['00:00', '00:00', at(13, 0), true]
  ])('%s to %s at %s: %j', (from, to, now, quiet) => {
    expect(isQuietHour({ on: true, from, to }, now)).toBe(quiet)
    expect(isQuietHour({ on: false, from, to }, now)).toBe(false)
  })
})
