// What each device of a room hears of those who type in it [S14.1]: nobody of themselves. Knows no connection.
import { MAX_TYPING_NAMES } from '../../protocol/limits.ts'
import type { TypingTold } from '../../protocol/live.ts'
import type { TypingNews } from './typing.ts'

export interface TypingFrames {
  /** For everybody who may hear the room, but these users. */
  others: { told: TypingTold; except: readonly string[] }
  /** For these users alone, who type there too. */
  own: { told: TypingTold; userIds: readonly string[] }[]
}

/** At most MAX_TYPING_NAMES + 2 frames, none of which grows with those who type. */
export function typingFrames({ roomId, typers, before }: TypingNews): TypingFrames {
  const toldOf = (others: readonly string[], count: number): TypingTold => {
    return { roomId, userIds: others.slice(0, MAX_TYPING_NAMES), count }
  }
  const [only, ...more] = new Set([...typers, ...before])
  const told = toldOf(typers, typers.length)
  // Who types alone, and did before, has heard nothing and hears nothing.
  if (only !== undefined && more.length === 0) return { others: { told, except: [only] }, own: [] }
  const named = typers.slice(0, MAX_TYPING_NAMES)
  const unnamed = typers.slice(MAX_TYPING_NAMES)
  const first = typers.slice(0, MAX_TYPING_NAMES + 1)
  const own = named.map((userId) => {
    const others = first.filter((other) => other !== userId)
    return { told: toldOf(others, typers.length - 1), userIds: [userId] }
  })
  if (unnamed.length > 0) own.push({ told: toldOf(named, typers.length - 1), userIds: unnamed })
  return { others: { told, except: typers }, own }
}
