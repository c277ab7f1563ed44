// Which emoji the person has used lately and which skin tone they like: kept on this device, sent nowhere.
import * as z from 'zod/mini'

const RECENT_KEY = 'maru.emoji'
const MOST_RECENT = 27

const keptSchema = z.object({
  recent: z.catch(z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(MOST_RECENT)), []),
  /** 0: none. */
  tone: z.catch(z.int().check(z.minimum(0), z.maximum(5)), 0)
})
export type EmojiHabits = z.infer<typeof keptSchema>

const NEVER_USED: EmojiHabits = { recent: [], tone: 0 }

/** Whatever cannot be read counts as never used. */
export function loadHabits(storage: Pick<Storage, 'getItem'>): EmojiHabits {
  try {
    return keptSchema.safeParse(JSON.parse(storage.getItem(RECENT_KEY) ?? '{}')).data ?? NEVER_USED
  } catch (error) {
    if (error instanceof SyntaxError) return NEVER_USED
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
