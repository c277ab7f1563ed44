// How somebody is, in words, and when they were last there.
import { useNow } from '../platform/use-now.ts'
import { useServices } from '../services-context.tsx'
import { presenceWords } from '../texts/live-words.ts'
import { useTexts } from '../texts/texts-context.tsx'
import { useObservable } from '../ui/use-observable.ts'

const CLOCK_EVERY_MS = 30_000

/** Of somebody else; undefined while it is not known. For one person at a time: it is asked for as long as it is mounted. */
export function usePresenceWords(userId: string): string | undefined {
  const { live } = useServices()
  const texts = useTexts()
  const now = useNow(CLOCK_EVERY_MS)
  const presence = useObservable(() => live.watchPresence(userId), [live, userId])
  return presence && presenceWords(texts, presence, now)
}
