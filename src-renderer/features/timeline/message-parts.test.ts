import { describe, expect, it } from 'vitest'
import { isOnlyEmoji, isSafeLink, linkAt, messageParts } from './message-parts.ts'

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
    ['https:// and http://', []],
    ['mailto:a@example.com, maru://room/1', ['mailto:a@example.com', 'maru://room/1']]
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

describe('linkAt', () => {
  it.each([
    ['https://example.com/a). b', 0, 'https://example.com/a'],
    ['xhttps://example.com', 1, null],
    ['mailto:a@example.com.', 0, 'mailto:a@example.com'],
    ['maru://room/1?x=2.', 0, 'maru://room/1?x=2'],
    ['maru: yes', 0, null],
    ['javascript:alert(1)', 0, null],
    ['https://a.example' + ')'.repeat(19_000), 0, 'https://a.example']
  ])('%#', (text, at, expected) => {
    expect(linkAt(text, at)).toBe(expected)
  })

  it('only what cannot run is safe', () => {
    const safe = ['https://a.example', 'HTTP://a.example', 'mailto:a@b.example', 'maru://room/1']
    const unsafe = [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///x',
      'https://',
      '/x',
      'blob:https://a.example/x'
    ]
    expect([safe, unsafe].map((each) => each.filter(isSafeLink))).toEqual([safe, []])
  })
})

describe('isOnlyEmoji', () => {
  it('knows a few emoji from text', () => {
    const few = ['👍', '🎉'.repeat(8), '👨‍👩‍👧‍👦'.repeat(8), '👨‍👩‍👧 🇰🇷', '❤️‍🔥🎉', '1️⃣', 'Ⓜ️ ㊗️ ™️ ℹ️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']
    expect(few.filter((text) => !isOnlyEmoji(text))).toEqual([])
    expect(['', ' ', '1', 'ㅋㅋ', '👍!', '🎉'.repeat(9)].map(isOnlyEmoji)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false
    ])
  })
})
