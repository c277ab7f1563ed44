// How much is unread, in the page's title and on the app's icon: derived from all rooms of all relays, never counted up. Draws nothing.
import { useEffect } from 'react'
import { catchError, combineLatest, map, of } from 'rxjs'
import { showAppBadge } from '../../platform/app-badge.ts'
import { useNow } from '../../platform/use-now.ts'
import type { ChatStore } from '../../store/chat-store.ts'
import { unreadIn } from '../../store/unread-in.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'

/** A room that is muted for a time begins to count again. */
const CLOCK_EVERY_MS = 60_000

/** @param stores of all relays that one is signed in to; of one that cannot say it, nothing is counted */
export function UnreadTitle({ stores }: { stores: readonly ChatStore[] }) {
  const { notices, productName } = useTexts()
  const rooms = useObservable(
    () => {
      const each = stores.map(({ queries }) => queries.watchRooms().pipe(catchError(() => of([]))))
      return each.length === 0 ? of([]) : combineLatest(each).pipe(map((all) => all.flat()))
    },
    [stores],
    { keep: true }
  )
  const count = unreadIn(rooms ?? [], useNow(CLOCK_EVERY_MS))
  useEffect(() => {
    document.title = count === 0 ? productName : notices.title(count, productName)
    return () => {
      document.title = productName
    }
  }, [count, notices, productName])
  useEffect(() => {
    void showAppBadge(count)
  }, [count])
  useEffect(() => () => void showAppBadge(0), [])
  return null
}
