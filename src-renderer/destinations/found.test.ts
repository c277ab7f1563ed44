import { describe, expect, it } from 'vitest'
import { found, MOST_FOUND } from './found.ts'
import type { Visits } from './found.ts'

const all = ['가족', '마루 개발', 'Kitchen', '김민수'].map((name) => ({
  id: name,
  words: name === '김민수' ? [name, 'minsu'] : [name]
}))
const nowhere: Visits = { visited: [], currentId: null }
const idsOf = (query: string, visits = nowhere) => found(all, query, visits).map(({ id }) => id)

describe('what is found among rooms and people', () => {
  it('by syllables, initial consonants, usernames, and letters that stand apart', () => {
    expect(idsOf('가')).toEqual(['가족'])
    expect(idsOf('ㅁㄹ')).toEqual(['마루 개발'])
    expect(idsOf('ㄱㅁㅅ')).toEqual(['김민수'])
    expect(idsOf('min')).toEqual(['김민수'])
    expect(idsOf('ktn')).toEqual(['Kitchen'])
    expect(idsOf('xyz')).toEqual([])
  })

  it('what was open last first; where one is, last', () => {
    const visits = { visited: ['Kitchen', '김민수'], currentId: 'Kitchen' }
    expect(idsOf('', visits)).toEqual(['김민수', '가족', '마루 개발', 'Kitchen'])
    expect(idsOf('ㄱ', { visited: ['김민수'], currentId: null })).toEqual(['김민수', '가족', '마루 개발'])
  })

  it('a better fit before one that was open', () => {
    expect(idsOf('ㄱㅂ', { visited: ['김민수'], currentId: null })[0]).toBe('마루 개발')
  })

  it('a thousand rooms: no more than fit on a screen or two', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({ id: `${at}`, words: [`방 ${at}`] }))
    expect(found(many, '방', nowhere)).toHaveLength(MOST_FOUND)
    expect(found(many, '999', nowhere).map(({ id }) => id)).toEqual(['999'])
  })
})
