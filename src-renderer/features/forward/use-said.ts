// A message as it is now: while somebody chooses where its words are to go, it may be edited or deleted.
import { map, of } from 'rxjs'
import type { Said } from '../../platform/message-acts.tsx'
import { useServices } from '../../services-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'

/** Its text now, the one that was chosen where nothing newer is known; null once it is deleted [S13]. */
export function useSaid(item: Said, roomId: string): string | null {
  const { queries } = useServices().store
  const place = item.seq ?? item.aside?.anchorSeq ?? null
  const now = useObservable(
    () =>
      place === null
        ? of(undefined)
        : queries.watchTimeline(roomId, place, place).pipe(map(({ items }) => items.find(({ id }) => id === item.id))),
    [queries, roomId, place, item.id]
  )
  if (!now) return item.body
  return now.deletedAt === undefined ? now.body : null
}
