import { describe, expect, it } from 'vitest'
import { isOnlyEmoji, messageParts } from './message-parts.ts'

const links = (text: string) => messageParts(text).flatMap((part) => ('href' in part ? [part.href] : []))

describe('messageParts', () => {
  it.each([
    ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
    ['(http://192.168.0.10:4100/x)', ['http://192.168.0.10:4100/x']],
    ['https://en.wikipedia.org/wiki/Maru_(hall), there', ['https://en.wikipedia.org/wiki/Maru_(hall)']],
    ['https://example.com에서 봤어요', ['https://example.com']],
    ['https://ko.wikipedia.org/wiki/대청마루 봐요', ['https://ko.wikipedia.org/wiki/대청마루']],
    ['two: https://a.example https://b.example!', ['https://a.example', 'https://b.example']],
    ['javascript:alert(1) ftp://x.example file:///etc/passwd //x.example', []],
    ['https:// and http://', []]
  ])('%s', (text, expected) => {
    expect(links(text)).toEqual(expected)
  })

  it('together the parts are the text', () => {
    const text = '가 <b>https://a.example</b>\n나 https://b.example/마루에서, 다'
    expect(
      messageParts(text)
        .map((part) => part.text)
        .join('')
    ).toBe(text)
  })
})

describe('isOnlyEmoji', () => {
  it('knows a few emoji from text', () => {
    const few = ['👍', '👨‍👩‍👧 🇰🇷', '❤️‍🔥🎉', '1️⃣', 'Ⓜ️ ㊗️ ™️ ℹ️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']
    expect(few.filter((text) => !isOnlyEmoji(text))).toEqual([])
    expect(['', ' ', '1', 'ㅋㅋ', '👍!', '🎉'.repeat(7)].map(isOnlyEmoji)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false
    ])
  })
})
