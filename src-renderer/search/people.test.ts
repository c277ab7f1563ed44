import { describe, expect, it } from 'vitest'
import { findBy, findPeople } from './people.ts'

const people = [
  { name: '김민수', username: 'minsu' },
  { name: '박지수', username: 'jisoo.p' },
  { name: 'Minna', username: 'anna' },
  { name: 'Anna', username: 'an' }
]
const names = (text: string) => findPeople(people, text).map(({ name }) => name)

describe('finding people', () => {
  it('by initial consonants, by the beginning of a name, by a part of it', () => {
    expect(names('ㄱㅁㅅ')).toEqual(['김민수'])
    expect(names('지수')).toEqual(['박지수'])
    expect(names('수')).toEqual(['김민수', '박지수'])
  })

  it('by username, also as people write it', () => {
    expect(names('@jisoo')).toEqual(['박지수'])
    expect(names('jisoo.p ')).toEqual(['박지수'])
  })

  it('puts who fits best first', () => {
    expect(names('an')).toEqual(['Anna', 'Minna'])
  })

  it('keeps everybody in their order for nothing written, and nobody for what fits none', () => {
    expect(names(' ')).toEqual(people.map(({ name }) => name))
    expect(names('@')).toHaveLength(people.length)
    expect(names('ㅎㅎ')).toEqual([])
  })

  it('by any words that the caller names', () => {
    const rooms = [{ name: 'Garden', topic: '모종 나눔' }, { name: 'Kitchen' }]
    expect(findBy(rooms, 'ㅁㅈ', ({ name, topic = '' }) => [name, topic])).toEqual([rooms[0]])
  })
})
