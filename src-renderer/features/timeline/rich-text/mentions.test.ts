import { describe, expect, it } from 'vitest'
import { mentionParts } from './mentions.ts'

const NAMES = [
  { name: 'Min', own: false },
  { name: 'Min Ho', own: true },
  { name: '민지', own: false },
  { name: 'a*b', own: false }
]

const found = (text: string) =>
  mentionParts(text, NAMES).flatMap((part) => ('own' in part ? [part.text + (part.own ? '!' : '')] : []))

describe('mentions', () => {
  it.each([
    ['@Min and @Min Ho', ['@Min', '@Min Ho!']],
    ['@민지가 왔어요, @민지', ['@민지', '@민지']],
    ['@Minji me@Min.example @a*b', ['@a*b']],
    ['nobody', []],
    ['@@Min', ['@Min']]
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected)
    expect(
      mentionParts(text, NAMES)
        .map((part) => part.text)
        .join('')
    ).toBe(text)
  })
})
