// How much is unread, in the page's title and on the app's icon: derived from the rooms, never counted up. Draws nothing.
import { useEffect } from 'react'
import { showAppBadge } from '../../platform/app-badge.ts'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { unreadIn } from './unread-in.ts'

/** A room that is muted for a time begins to count again. */
const CLOCK_EVERY_MS = 60_000

export function UnreadTitle() {
  const { notices, productName } = useTexts()
  const { queries } = useServices().store
  const rooms = useObservable(() => queries.watchRooms(), [queries])
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
