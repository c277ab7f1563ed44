import { describe, expect, it } from 'vitest'
import { MAX_MENTIONS } from '../../../protocol/limits.ts'
import { mentionsIn } from './mentions.ts'

const people = [
  { id: 'minsu', name: '민수' },
  { id: 'minsujeong', name: '민수정' },
  { id: 'min', name: 'Min' },
  { id: 'minji', name: 'Minji' },
  { id: 'kim', name: 'Kim Min Su' },
  { id: 'twin-1', name: '지우' },
  { id: 'twin-2', name: '지우' }
]

describe('who is mentioned', () => {
  it('whose @name stands in the text, each once, in order', () => {
    expect(mentionsIn('@Minji @민수 and again @Minji', people)).toEqual(['minji', 'minsu'])
    expect(mentionsIn('Minji, 민수', people)).toEqual([])
  })

  it('a particle may follow, a letter of a longer word may not; the longest name is meant', () => {
    expect(mentionsIn('@민수님 안녕', people)).toEqual(['minsu'])
    expect(mentionsIn('@민수정아', people)).toEqual(['minsujeong'])
    expect(mentionsIn('@Min이', people)).toEqual(['min'])
    expect(mentionsIn('@Minji!', people)).toEqual(['minji'])
    expect(mentionsIn('@Minjung', people)).toEqual([])
    expect(mentionsIn('(@Kim Min Su)', people)).toEqual(['kim'])
  })

  it('not in an address', () => {
    expect(mentionsIn('write to me@Minji', people)).toEqual([])
    expect(mentionsIn('안녕@민수', people)).toEqual(['minsu'])
  })

  it('one of two with the same name where one was chosen, else both', () => {
    expect(mentionsIn('@지우', people)).toEqual(['twin-1', 'twin-2'])
    expect(mentionsIn('@지우', people, new Map([['지우', 'twin-2']]))).toEqual(['twin-2'])
    expect(mentionsIn('@지우', people, new Map([['지우', 'gone']]))).toEqual(['twin-1', 'twin-2'])
  })

  it('names in decomposed form, and no more than the relay takes', () => {
    expect(mentionsIn('@민수'.normalize('NFD'), people)).toEqual(['minsu'])
    const crowd = Array.from({ length: MAX_MENTIONS + 5 }, (_, index) => ({ id: `id-${index}`, name: `Nº${index}x` }))
    expect(mentionsIn(crowd.map(({ name }) => `@${name}`).join(' '), crowd)).toHaveLength(MAX_MENTIONS)
  })
})
