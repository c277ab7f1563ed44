// Which emoji the person has used lately and which skin tone they like: kept on this device, sent nowhere.
import { z } from 'zod'

const RECENT_KEY = 'maru.emoji'
const MOST_RECENT = 27

const keptSchema = z.object({
  recent: z.array(z.string().min(1).max(64)).max(MOST_RECENT).catch([]),
  /** 0: none. */
  tone: z.number().int().min(0).max(5).catch(0)
})
export type EmojiHabits = z.infer<typeof keptSchema>

/** Whatever cannot be read counts as never used. */
export function loadHabits(storage: Pick<Storage, 'getItem'>): EmojiHabits {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(RECENT_KEY) ?? '{}'))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { recent: [], tone: 0 }
    throw error
  }
}

export function saveHabits(storage: Pick<Storage, 'setItem'>, habits: EmojiHabits): void {
  storage.setItem(RECENT_KEY, JSON.stringify(habits))
}

/** With one more at the front, each once. */
export function withUsed(habits: EmojiHabits, emoji: string): EmojiHabits {
  return { ...habits, recent: [emoji, ...habits.recent.filter((each) => each !== emoji)].slice(0, MOST_RECENT) }
}

/** Remembers that it was used now. */
export function noteUsed(storage: Pick<Storage, 'getItem' | 'setItem'>, emoji: string): void {
  saveHabits(storage, withUsed(loadHabits(storage), emoji))
}
