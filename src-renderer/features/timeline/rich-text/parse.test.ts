import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayHaveMarks, plainText } from './body.ts'
import type { Block, Inline } from './body.ts'
import { MAX_DEPTH, MAX_MARKS, parseBody } from './parse.ts'

/** As a short line: [b …], [i …], [s …], `code`, <href words>. */
function short(blocks: readonly Block[] | null): string {
  if (blocks === null) return 'as typed'
  return blocks.map(shortBlock).join(' | ')
}

function shortBlock(block: Block): string {
  switch (block.type) {
    case 'prose':
      return block.children.map(shortInline).join('')
    case 'code':
      return `{${block.language ?? ''}:${block.text}}`
    case 'quote':
      return `> (${short(block.blocks)})`
    case 'list':
      return block.items.map(({ number, blocks }) => `${number ?? '•'} (${short(blocks)})`).join(' ')
  }
}

function shortInline(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return inline.text
    case 'code':
      return `\`${inline.text}\``
    case 'link':
      return `<${inline.href} ${inline.children.map(shortInline).join('')}>`
    default:
      return `[${{ strong: 'b', em: 'i', strike: 's' }[inline.type]} ${inline.children.map(shortInline).join('')}]`
  }
}

describe('the marks of a message', () => {
  it.each([
    ['**bold** and *italic* and ~~gone~~', '[b bold] and [i italic] and [s gone]'],
    ['_so_ and ***both***', '[i so] and [b [i both]]'],
    ['**a *b* c**', '[b a [i b] c]'],
    ['`a **b** c`', '`a **b** c`'],
    ['two\nlines, **bold\nover both**', 'two\nlines, [b bold\nover both]'],
    ['one\n\n\n**three**', 'one\n\n\n[b three]'],
    ['\\*not italic\\*', '*not italic*']
  ])('%j', (body, expected) => {
    expect(short(parseBody(body))).toBe(expected)
  })

  it.each([
    ['**굵게**는', '[b 굵게]는'],
    ['**"굵게"**는', '[b "굵게"]는'],
    ['**패키지(서명)**이 바뀌었어요', '[b 패키지(서명)]이 바뀌었어요'],
    ['이것은**"강조"**입니다', '이것은[b "강조"]입니다'],
    ['*기울임!*이라고', '[i 기울임!]이라고'],
    ['_기울임_은', '[i 기울임]은'],
    ['~~취소(어제)~~했어요', '[s 취소(어제)]했어요'],
    ['`코드`를', '`코드`를'],
    ['**太字。**です', '[b 太字。]です'],
    ['**`npm test`**를', '[b `npm test`]를']
  ])('next to Korean and its neighbours: %j', (body, expected) => {
    expect(short(parseBody(body))).toBe(expected)
  })

  it.each([
    '2*3*4 = 24, 2**8**2',
    '5 * 3 * 2',
    '네~~ 감사합니다~~',
    '네~~감사합니다~~',
    '~~~ 안녕 ~~~',
    '>_< 미안 >_<',
    '^_^ 좋아요 ^_^',
    'snake_case_name __init__.py',
    '¯\\_(ツ)_/¯',
    'C:\\*.txt C:\\_x_',
    '2026. 2. 10. 회의',
    '10. 3. 개천절',
    '-',
    '- - -',
    '---',
    '# not a heading',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '![alt](https://example.com/a.png)',
    '<b onclick="x()">no</b> <!-- no --> &amp;',
    '    four spaces',
    '```',
    '```\nnot closed',
    '**',
    '****',
    '[words] [x][y]',
    '[x](javascript:alert(1))',
    '[x](data:text/html,hi)',
    '+ 1',
    '*주의: 이것\n*표시: 저것'
  ])('is text as it was typed: %j', (body) => {
    const text = short(parseBody(body)).replace(/<https?:\S+ (.*?)>/g, '$1')
    expect(text).toBe(body)
  })

  it.each([
    ['> quoted\nanswer', '> (quoted) | answer'],
    ['> a\n> > b\n> c', '> (a | > (b) | c)'],
    ['> **a**\n>\n> b', '> ([b a]\n\nb)'],
    ['before\n- a\n- b **c**\nafter', 'before | • (a) • (b [b c]) | after'],
    ['- a\n  more\n  - b\n- c', '• (a\nmore | • (b)) • (c)'],
    ['1. a\n3. b', '1 (a) 3 (b)'],
    ['3) a', '3 (a)'],
    ['2026. 2. 10.\n만나요 **꼭**', '2026. 2. 10.\n만나요 [b 꼭]'],
    ['2026. 2. 10. **꼭**', '2026. 2. 10. [b 꼭]'],
    ['- a\n\n\nb', '• (a) | b'],
    ['*별* 표\n* 별', '[i 별] 표 | • (별)']
  ])('by lines: %j', (body, expected) => {
    expect(short(parseBody(body))).toBe(expected)
  })

  it.each([
    ['```ts\nconst a = `b`\n```', '{ts:const a = `b`}'],
    ['see\n```\n  a\n\n  **b**\n```\ndone', 'see | {:  a\n\n  **b**} | done'],
    ['```const a = 1\nb```', '{:const a = 1\nb}'],
    ['```one line```', '`one line`'],
    ['> ```\n> a\n> ```', '> ({:a})']
  ])('code: %j', (body, expected) => {
    expect(short(parseBody(body))).toBe(expected)
  })

  it.each([
    ['see https://example.com/a_b_c*d* now', 'see <https://example.com/a_b_c*d https://example.com/a_b_c*d>* now'],
    ['**https://example.com/a**', '[b <https://example.com/a https://example.com/a>]'],
    ['[here](https://example.com/a?b=c)', '<https://example.com/a?b=c here>'],
    ['[**여기**](https://example.com)를', '<https://example.com [b 여기]>를'],
    ['[mail](mailto:a@example.com) maru://room/1', '<mailto:a@example.com mail> <maru://room/1 maru://room/1>'],
    ['[https://bank.example](https://evil.example)', '[https://bank.example](https://evil.example)'],
    ['[see https://bank.example](https://evil.example)', '<https://evil.example see https://bank.example>'],
    ['[x](javascript:alert(1)) **b**', '[x](javascript:alert(1)) [b b]'],
    ['https://example.com에서 **봐요**', '<https://example.com https://example.com>에서 [b 봐요]']
  ])('links: %j', (body, expected) => {
    expect(short(parseBody(body))).toBe(expected)
  })
})

describe('hostile text', () => {
  const SIZE = 20_000

  it.each(['*', '[', '`', '>', '_', '~', '> ', '**a', '*a ', '[a](', '`a', '![', '<', '[[', ']['])(
    '%j over and over is shown as typed',
    (sign) => {
      const body = sign.repeat(SIZE / sign.length)
      expect(parseBody(body)).toBeNull()
    }
  )

  it.each(['- ', '1. ', '  - a\n', 'https://a.b)', '\n', ' ', '\\', 'a*\n', '\r\n'])(
    '%j over and over loses no word',
    (sign) => {
      const body = sign.repeat(SIZE / sign.length)
      const blocks = parseBody(body)
      expect(lettersOf(blocks === null ? body : plainText(blocks))).toBe(lettersOf(body))
    }
  )

  it('lists and quotes are nested so deep and no deeper', () => {
    const depthOf = (blocks: readonly Block[]): number =>
      Math.max(
        0,
        ...blocks.map((block) => {
          if (block.type === 'quote') return 1 + depthOf(block.blocks)
          return block.type === 'list' ? 1 + Math.max(...block.items.map((item) => depthOf(item.blocks))) : 0
        })
      )
    const quotes = '> '.repeat(100) + 'words'
    const list = Array.from({ length: 100 }, (_, at) => `${' '.repeat(at * 2)}- point ${at}`).join('\n')
    expect(depthOf(parseBody(quotes) ?? [])).toBe(MAX_DEPTH)
    expect(depthOf(parseBody(list) ?? [])).toBeLessThanOrEqual(MAX_DEPTH)
    expect(plainText(parseBody(list) ?? [])).toContain('point 99')
  })

  it('up to the bound it is read', () => {
    expect(parseBody('**a** '.repeat(MAX_MARKS / 4))).not.toBeNull()
  })
})

const letters = fc.constantFrom(
  'a',
  'b',
  '가',
  '1',
  '.',
  ' ',
  '\n',
  '*',
  '**',
  '_',
  '~~',
  '`',
  '```',
  '> ',
  '- ',
  '1. ',
  '[',
  ']',
  '"',
  '\\'
)

describe('whatever is typed', () => {
  it('keeps every word, in order', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), (pieces) => {
        const body = pieces.join('')
        const blocks = parseBody(body)
        expect(lettersOf(blocks === null ? body : withLanguages(blocks))).toBe(lettersOf(body))
      }),
      { numRuns: 2_000 }
    )
  })

  it('is the same with and without the parser where no mark can be', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 30 }), (pieces) => {
        const body = pieces.join('').trim()
        fc.pre(body !== '' && !mayHaveMarks(body))
        expect(parseBody(body)).toEqual([{ type: 'prose', children: [{ type: 'text', text: body }] }])
      }),
      { numRuns: 500 }
    )
  })
})

/** Numbers of lists are marks. */
function lettersOf(text: string): string {
  return text.replace(/\d+\./g, '').replace(/[^ab가]/g, '')
}

function withLanguages(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'code') return (block.language ?? '') + block.text
      return block.type === 'quote' ? withLanguages(block.blocks) : plainText([block])
    })
    .join('\n')
}
