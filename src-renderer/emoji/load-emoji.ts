// Fetches the emoji's data when it is first asked for: it lies in files of its own, and no start waits for it.
import type { EmojiIndex } from './emoji-index.ts'

let loading: Promise<EmojiIndex> | undefined

/** The same index each time. After a failure the next call tries again. */
export function loadEmoji(): Promise<EmojiIndex> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<EmojiIndex> {
  const [{ buildEmojiIndex }, ko, en, shortcodes] = await Promise.all([
    import('./emoji-index.ts'),
    import('emojibase-data/ko/compact.json'),
    import('emojibase-data/en/compact.json'),
    import('emojibase-data/en/shortcodes/github.json')
  ])
  return buildEmojiIndex({ ko: ko.default, en: en.default, shortcodes: shortcodes.default })
}
