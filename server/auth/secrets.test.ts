import { describe, expect, it } from 'vitest'
import { secrets } from './secrets.ts'

describe('secrets', () => {
  it('tokens are 256 random bits in base64url', () => {
    const tokens = new Set(Array.from({ length: 100 }, () => secrets.newToken()))
    expect(tokens.size).toBe(100)
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  })

  it('codes can be read out: four groups of four unmistakable characters', () => {
    for (let round = 0; round < 100; round++) {
      expect(secrets.newCode()).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}$/)
    }
  })

  it('codes are compared without regard to case, dashes and spaces; tokens as they are', () => {
    const code = 'ABCD-EFGH-2345-6789'
    for (const typed of ['abcd-efgh-2345-6789', 'ABCDEFGH23456789', ' abcd efgh 2345 6789 ']) {
      expect(secrets.hashCode(typed)).toBe(secrets.hashCode(code))
    }
    expect(secrets.hashCode('ABCD-EFGH-2345-6780')).not.toBe(secrets.hashCode(code))
    expect(secrets.hashToken('a')).not.toBe(secrets.hashToken('A'))
    expect(secrets.hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
