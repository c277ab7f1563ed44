import { describe, expect, it } from 'vitest'
import { codeBlocks } from '../features/composer/fences.ts'
import { splitText } from '../features/composer/long-text.ts'
import { partsOf } from '../features/timeline/rich-text/lines.ts'

const bare = (text: string) => text.replaceAll(/\s+/gu, '')
/** What the timeline shows as code, and what as something else, without white space. */
const shownAs = (bodies: readonly string[]) => {
  const parts = bodies.flatMap(partsOf)
  const of = (code: boolean) => bare(parts.map((part) => ((part.type === 'code') === code ? part.text : '')).join(''))
  return { code: of(true), rest: of(false) }
}

/** Deterministic; the seed is in the test's name when it fails. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

describe('a block of code that is divided', () => {
  it('is closed and opened again, between lines where there are any', () => {
    const lines = Array.from({ length: 12 }, (_, at) => `  line ${at};`.padEnd(30, '.'))
    const pieces = splitText(['look:', '```ts', ...lines, '```', 'done'].join('\n'), 200)
    expect(pieces).toEqual([
      ['look:', '```ts', ...lines.slice(0, 5), '```'].join('\n'),
      ['```ts', ...lines.slice(5, 11), '```'].join('\n'),
      ['```ts', ...lines.slice(11), '```', 'done'].join('\n')
    ])
  })

  it('stays whole where the text before it makes a piece', () => {
    const [words, code] = ['words '.repeat(15).trim(), ['```', 'a'.repeat(60), '```'].join('\n')]
    expect(splitText(`${words}\n${code}`, 120)).toEqual([words, code])
  })

  it('one endless line too', () => {
    const pieces = splitText(`\`\`\`json\n${'x'.repeat(300)}\n\`\`\``, 120)
    expect(shownAs(pieces).code).toBe('x'.repeat(300))
    for (const piece of pieces) expect(piece).toMatch(/^```json\nx+\n```$/)
  })

  it('a fence that nothing closes is none, however many there are', () => {
    expect(codeBlocks('```\n'.repeat(30_000).trimEnd())).toEqual([])
    expect(codeBlocks('``` a\n'.repeat(30_000))).toEqual([])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is shown as the same code, and everything else as it was (seed %i)', (seed) => {
    const next = random(seed)
    const line = () => 'ab c'.repeat(next(12)).padStart(next(30))
    for (let round = 0; round < 40; round++) {
      const block = () => {
        const opening = ['```', '```ts', ' ```', '```const a = 1;'][next(4)] ?? ''
        return [opening, 'x', ...Array.from({ length: next(20) }, line), `${next(2) === 0 ? '' : 'end'}\`\`\``].join(
          '\n'
        )
      }
      const text = Array.from({ length: 3 + next(20) }, () => (next(4) === 0 ? block() : line())).join('\n')
      const max = 120 + next(100)
      const pieces = splitText(text, max)
      expect(Math.max(0, ...pieces.map(({ length }) => length))).toBeLessThanOrEqual(max)
      expect(shownAs(pieces)).toEqual(shownAs([text]))
    }
  })
})
