import { beforeAll, describe, expect, it } from 'vitest'
import type { EmojiIndex } from '../../emoji/emoji-index.ts'
import { loadEmoji } from '../../emoji/load-emoji.ts'
import { listPeople } from '../../texts/people.ts'
import { closedShortcode, emojiFor, MOST_CHOICES, namedAt, peopleFor } from './completion.ts'

const at = (text: string) => namedAt(text, text.length)

describe('what is being named at the caret', () => {
  it('a person after an @ that begins a word, in any script', () => {
    expect(at('hi @mi')).toEqual({ kind: 'mention', from: 3, to: 6, query: 'mi' })
    expect(at('@')).toEqual({ kind: 'mention', from: 0, to: 1, query: '' })
    expect(at('야@ㅁ')).toMatchObject({ kind: 'mention', query: 'ㅁ' })
    expect(at('@Kim Min')).toMatchObject({ query: 'Kim Min' })
    expect(namedAt('@mi rest', 3)).toMatchObject({ query: 'mi', to: 3 })
  })

  it('nobody in an address, after a space, or a line further down', () => {
    for (const text of ['me@mi', 'a.b@mi', '@ mi', '@mi\nnext', 'mi']) expect(at(text)).toBe(null)
  })

  it('an emoji after a colon and two letters, or one syllable', () => {
    expect(at('well :ta')).toEqual({ kind: 'emoji', from: 5, to: 8, query: 'ta' })
    expect(at(':웃')).toMatchObject({ kind: 'emoji', query: '웃' })
    for (const text of [':D', ':p', '10:30', 'https://a', 'a:bc', ':a b', ': ab']) expect(at(text)).toBe(null)
  })

  it('a shortcode that has just been closed', () => {
    const closed = (text: string) => closedShortcode(text, text.length)
    expect(closed('well :tada:')).toEqual({ from: 5, shortcode: 'tada' })
    expect(closed(':+1:')).toEqual({ from: 0, shortcode: '+1' })
    for (const text of ['10:30:', ':a:', 'a:tada:', ':ta da:']) expect(closed(text)).toBe(null)
  })
})

describe('who may be meant', () => {
  const someone = (displayName: string, username: string) => ({ id: username, displayName, username })
  const people = listPeople(
    [someone('김민수', 'minsu'), someone('민지', 'minji'), someone('Kim Min', 'kim'), someone('Joon', 'joon')],
    new Set(),
    'ko'
  )
  const names = (query: string) => peopleFor(query, people).map(({ id }) => id)

  it('by name, initial consonants, half a syllable, and username; the best first', () => {
    expect(names('ㄱㅁㅅ')).toEqual(['minsu'])
    expect(names('기')).toEqual(['minsu'])
    expect(names('minj')).toEqual(['minji'])
    expect(names('민')[0]).toBe('minji')
    expect(names('zz')).toEqual([])
  })

  it('everybody by name where nothing was typed, and no more than fit', () => {
    expect(names('')).toEqual(people.map(({ id }) => id))
    const crowd = listPeople(
      Array.from({ length: 50 }, (_, index) => someone(`Nari ${index}`, `nari${index}`)),
      new Set(),
      'en'
    )
    expect(peopleFor('na', crowd)).toHaveLength(MOST_CHOICES)
  })

  it('a name that goes on after a space, and nobody where no name does', () => {
    expect(names('Kim M')).toEqual(['kim'])
    expect(names('Kim ')).toEqual(['kim'])
    expect(names('민지 안녕')).toEqual([])
    expect(names('Min is')).toEqual([])
  })
})

describe('which emoji may be meant', () => {
  let index: EmojiIndex
  beforeAll(async () => {
    index = await loadEmoji()
  })

  it('in the language of the screen, with the skin tone that is liked', () => {
    const [first] = emojiFor('thumbsup', index, 'ko', 3)
    expect(first).toMatchObject({ emoji: '👍🏽', words: '👍🏽 ', name: index.of('👍')?.names.ko })
    expect(emojiFor('thumbsup', index, 'en', 0)[0]).toMatchObject({ emoji: '👍', name: 'thumbs up' })
  })
})
