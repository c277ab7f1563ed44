import { describe, expect, it } from 'vitest'
import { MAX_TYPING_NAMES } from '../../protocol/limits.ts'
import { typingToldSchema } from '../../protocol/live.ts'
import type { TypingTold } from '../../protocol/live.ts'
import { typingFrames } from './typing-frames.ts'

const ALL = Array.from({ length: 8 }, (_, index) => `user ${index}`)

/** What each of ALL hears, by the frames. */
function heard(typers: string[], before: string[]): Map<string, TypingTold> {
  const { others, own } = typingFrames({ roomId: 'hall', typers, before })
  const frames = new Map<string, TypingTold>()
  const hear = (userId: string, told: TypingTold): void => {
    if (frames.has(userId)) throw new Error(`${userId} hears twice`)
    frames.set(userId, typingToldSchema.parse(told))
  }
  for (const userId of ALL) if (!others.except.includes(userId)) hear(userId, others.told)
  for (const { userIds, told } of own) for (const userId of userIds) hear(userId, told)
  return frames
}

describe('what each hears of those who type [S14.1]', () => {
  it('everybody hears of all but themselves, the first ones by name', () => {
    for (let count = 0; count <= ALL.length; count++) {
      const typers = ALL.slice(0, count)
      const frames = heard(typers, ALL)
      for (const userId of ALL) {
        const others = typers.filter((other) => other !== userId)
        const wanted = { roomId: 'hall', userIds: others.slice(0, MAX_TYPING_NAMES), count: others.length }
        expect(frames.get(userId)).toEqual(wanted)
      }
    }
  })

  it('who types alone hears nothing, neither of the beginning nor of the end', () => {
    for (const [typers, before] of [
      [['user 0'], []],
      [['user 0'], ['user 0']],
      [[], ['user 0']]
    ] as const) {
      const frames = heard([...typers], [...before])
      expect(frames.has('user 0')).toBe(false)
      expect(frames.get('user 1')?.count).toBe(typers.length)
    }
  })

  it('who was told of another is told when that one stops, typing or not', () => {
    expect(heard(['user 0'], ['user 0', 'user 1']).get('user 0')).toEqual({ roomId: 'hall', userIds: [], count: 0 })
    expect(heard(['user 0'], ['user 1']).get('user 0')?.count).toBe(0)
    expect(heard([], ['user 0', 'user 1']).get('user 1')?.count).toBe(0)
  })

  it('neither the number of frames nor the size of one grows with those who type', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `typer ${index}`)
    const { others, own } = typingFrames({ roomId: 'hall', typers: many, before: [] })
    expect(own.length).toBe(MAX_TYPING_NAMES + 1)
    for (const { told } of [others, ...own]) expect(told.userIds).toHaveLength(MAX_TYPING_NAMES)
    expect(own.flatMap(({ userIds }) => userIds)).toHaveLength(1_000)
  })
})
