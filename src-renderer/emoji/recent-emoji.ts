// Which emoji the person has used lately and which skin tone they like: kept on this device, sent nowhere.
import * as v from 'valibot'

const RECENT_KEY = 'maru.emoji'
const MOST_RECENT = 27

const keptSchema = v.object({
  recent: v.fallback(
    v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.maxLength(MOST_RECENT)),
    []
  ),
  /** 0: none. */
  tone: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)), 0)
})
export type EmojiHabits = v.InferOutput<typeof keptSchema>

const NEVER_USED: Readonly<EmojiHabits> = { recent: [], tone: 0 }

/** Whatever cannot be read counts as never used. */
export function loadHabits(storage: Pick<Storage, 'getItem'>): EmojiHabits {
  try {
    const kept = v.safeParse(keptSchema, JSON.parse(storage.getItem(RECENT_KEY) ?? '{}'))
    return kept.success ? kept.output : NEVER_USED
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
