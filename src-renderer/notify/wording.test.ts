import { describe, expect, it } from 'vitest'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { wordNotice } from './wording.ts'
import type { ToWord } from './wording.ts'

const group: ToWord = {
  room: { kind: 'group', name: '이웃' },
  newest: { authorName: '미나', body: '토요일에\n청소해요', why: 'message', aside: false },
  count: 1
}
const direct: ToWord = { ...group, room: { kind: 'direct', name: '' } }

describe('what a notification says', () => {
  it('in a room: where, who and what, in a line', () => {
    expect(wordNotice(ko, 'text', group)).toEqual({ title: '이웃', body: '미나: 토요일에 청소해요' })
    expect(wordNotice(en, 'text', { ...group, count: 3 })).toEqual({
      title: '이웃',
      body: '3 new messages\n미나: 토요일에 청소해요'
    })
  })

  it('between two: who and what', () => {
    expect(wordNotice(ko, 'text', direct)).toEqual({ title: '미나', body: '토요일에 청소해요' })
  })

  it('with names only, nothing of the text', () => {
    expect(wordNotice(ko, 'name', group)).toEqual({ title: '이웃', body: '미나님의 새 메시지' })
    expect(wordNotice(ko, 'name', direct)).toEqual({ title: '미나', body: '새 메시지 1개' })
    expect(wordNotice(ko, 'name', { ...group, count: 4 })).toEqual({ title: '이웃', body: '새 메시지 4개' })
    const mention = { ...group, newest: group.newest && { ...group.newest, why: 'mention' as const } }
    expect(wordNotice(en, 'name', mention)).toEqual({ title: '이웃', body: '미나 mentioned you' })
  })

  it('hidden: neither name nor text, of whatever it is', () => {
    for (const each of [group, direct, { ...group, newest: null, count: 100 }]) {
      const { title, body } = wordNotice(ko, 'nothing', each)
      expect(title).toBe('마루')
      expect(body).not.toMatch(/미나|이웃|청소/)
    }
  })

  it('of somebody who is not known, and of what is not here', () => {
    const unknown = { ...direct, newest: { authorName: '', body: 'hi', why: 'message' as const, aside: false } }
    expect(wordNotice(en, 'text', unknown)).toEqual({ title: en.unknownPerson, body: 'hi' })
    expect(wordNotice(en, 'text', { ...group, newest: null, count: 100 }).body).toBe('99+ new messages')
  })

  it('a long text is cut where a character ends', () => {
    const long = {
      ...direct,
      newest: { authorName: '미나', body: '🙂'.repeat(5_000), why: 'message' as const, aside: false }
    }
    const { body } = wordNotice(ko, 'text', long)
    expect(body).toBe(`${'🙂'.repeat(239)}…`)
  })
})
