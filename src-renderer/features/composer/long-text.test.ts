import { describe, expect, it } from 'vitest'
import { splitText } from './long-text.ts'

const bare = (text: string) => text.replaceAll(/\s+/gu, '')

/** Deterministic; the seed is in the test's name when it fails. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

describe('a text that is too long for one message', () => {
  it('is divided between paragraphs, then lines, sentences, words', () => {
    expect(splitText('aaaa aaaa.\n\nbbbb bbbb', 16)).toEqual(['aaaa aaaa.', 'bbbb bbbb'])
    expect(splitText('aaaa aaaa\nbbbb bbbb', 16)).toEqual(['aaaa aaaa', 'bbbb bbbb'])
    expect(splitText('안녕하세요 여러분. 저는 민수예요', 14)).toEqual(['안녕하세요 여러분.', '저는 민수예요'])
    expect(splitText('aaaa bbbb cccc', 10)).toEqual(['aaaa bbbb', 'cccc'])
  })

  it('what fits stays whole', () => {
    expect(splitText('a b', 3)).toEqual(['a b'])
    expect(splitText('aaa bbb', 3)).toEqual(['aaa', 'bbb'])
    expect(splitText('', 3)).toEqual([])
  })

  it('no emoji and no letter is torn apart', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(splitText(family.repeat(3), family.length * 2 + 3)).toEqual([family.repeat(2), family])
    expect(splitText('각'.normalize('NFD').repeat(4), 8).every((piece) => piece.length % 3 === 0)).toBe(true)
    for (const piece of splitText('😀'.repeat(9), 3)) expect(piece.isWellFormed()).toBe(true)
  })

  it('100,000 characters without a space', () => {
    const pieces = splitText('가'.repeat(100_000), 20_000)
    expect(pieces.map(({ length }) => length)).toEqual([20_000, 20_000, 20_000, 20_000, 20_000])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('loses nothing but white space where it divides (seed %i)', (seed) => {
    const next = random(seed)
    const signs = ['가', 'a', ' ', '\n', '\n\n', '. ', '😀', '👩‍🚀', 'é', '  ', '!']
    for (let round = 0; round < 50; round++) {
      const text = Array.from({ length: next(200) }, () => signs[next(signs.length)]).join('')
      const max = 12 + next(40)
      const pieces = splitText(text, max)
      expect(bare(pieces.join(' '))).toBe(bare(text))
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(max)
        expect(piece.trim()).not.toBe('')
        expect(piece.isWellFormed()).toBe(true)
      }
    }
  })
})
