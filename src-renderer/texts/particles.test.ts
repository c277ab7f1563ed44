import { describe, expect, it } from 'vitest'
import { particle } from './particles.ts'

describe('particle', () => {
  it.each([
    ['방', '을/를', '을'],
    ['마루', '을/를', '를'],
    ['김민준', '이/가', '이'],
    ['지우', '이/가', '가'],
    ['서울', '으로/로', '로'],
    ['부산', '으로/로', '으로'],
    ['제주', '으로/로', '로'],
    ['하늘', '과/와', '과'],
    ['바다', '과/와', '와'],
    ['물', '은/는', '은']
  ] as const)('%s takes of %s: %s', (word, which, expected) => {
    expect(particle(word, which)).toBe(expected)
  })

  it('reads digits as they are spoken', () => {
    expect(['0', '1', '2', '3', '6', '9'].map((digit) => particle(`방 ${digit}`, '이/가'))).toEqual([
      '이',
      '이',
      '가',
      '이',
      '이',
      '가'
    ])
    expect(particle('방 1', '으로/로')).toBe('로')
    expect(particle('방 3', '으로/로')).toBe('으로')
  })

  it('looks through quotation marks, brackets and emoji to the word', () => {
    expect(particle('‘가족’', '을/를')).toBe('을')
    expect(particle('모임(바다) 🌊', '이/가')).toBe('가')
  })

  it('takes decomposed Hangul for what it is', () => {
    expect(particle('방'.normalize('NFD'), '을/를')).toBe('을')
  })

  it('says both where the sound is unknown', () => {
    expect(particle('Alice', '이/가')).toBe('이(가)')
    expect(particle('', '을/를')).toBe('을(를)')
  })
})
