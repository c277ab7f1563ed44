import { beforeAll, describe, expect, it } from 'vitest'
import { emojiSchema } from '../../protocol/values.ts'
import type { EmojiIndex } from './emoji-index.ts'
import { EMOJI_GROUPS } from './emoji-index.ts'
import { loadEmoji } from './load-emoji.ts'
import { qualified } from './qualified.ts'

let index: EmojiIndex
beforeAll(async () => {
  index = await loadEmoji()
})
const search = (query: string) => index.search(query, 8).map(({ emoji }) => emoji)

describe('one form for each emoji', () => {
  it('with U+FE0F where it is needed and nowhere else', () => {
    for (const [given, wanted] of [
      ['❤', '❤️'],
      ['❤️', '❤️'],
      ['👍️', '👍'],
      ['👍🏽', '👍🏽'],
      ['☝🏽', '☝🏽'],
      ['☝', '☝️'],
      ['❤‍🔥', '❤️‍🔥'],
      ['👁‍🗨', '👁️‍🗨️'],
      ['1⃣', '1️⃣'],
      ['🏳‍🌈', '🏳️‍🌈'],
      ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
      ['🇰🇷', '🇰🇷'],
      ['👩‍❤‍💋‍👨', '👩‍❤️‍💋‍👨']
    ] as const)
      expect(qualified(given)).toBe(wanted)
  })

  it('all that can be chosen have it, are one reaction each, and are found in any form', () => {
    expect(index.all.length).toBeGreaterThan(1_800)
    for (const each of index.all) {
      for (const form of [each.emoji, ...each.tones]) {
        expect(qualified(form)).toBe(form)
        expect(emojiSchema.parse(form)).toBe(form)
        expect(index.of(form.replaceAll('\uFE0F', ''))).toBe(each)
        expect(index.of(`${form}\uFE0F`)).toBe(each)
      }
    }
    expect(new Set(index.all.map(({ emoji }) => emoji)).size).toBe(index.all.length)
  })
})

describe('the emoji', () => {
  it('have names in both languages, a shortcode and a group', () => {
    for (const { names, shortcodes, group } of index.all) {
      expect(names.ko).not.toBe('')
      expect(names.en).not.toBe('')
      expect(shortcodes[0]).toMatch(/^[\p{L}\p{N}_+-]+$/u)
      expect(EMOJI_GROUPS).toContain(group)
    }
    expect(index.of('👍')?.tones).toEqual(['👍', '👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿'])
    expect(index.of('🍎')?.tones).toEqual([])
  })

  it('are found by shortcode, English, Korean and its initial consonants', () => {
    expect(search('thumbsup')[0]).toBe('👍')
    expect(search(':+1:')[0]).toBe('👍')
    expect(search('tada')[0]).toBe('🎉')
    expect(search('red heart')[0]).toBe('❤️')
    expect(search('빨간색 하트')).toContain('❤️')
    expect(search('하트')).not.toHaveLength(0)
    expect(search('ㅎㅌ')).not.toHaveLength(0)
    expect(search('호랑이')).toContain('🐅')
    expect(search('ㅎㄹㅇ')).toContain('🐅')
    expect(search('사과')).toContain('🍎')
    expect(search('사고').length).toBeGreaterThan(0)
    expect(search('zzzzqq')).toEqual([])
    expect(search('')).toEqual([])
  })

  it('by exact shortcode', () => {
    expect(index.byShortcode('heart')?.emoji).toBe('❤️')
    expect(index.byShortcode('nothing_like_it')).toBeUndefined()
  })
})
