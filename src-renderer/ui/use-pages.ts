// A list that comes page by page from somewhere far: what is there, whether there is more, and what went wrong. Draws nothing.
import { useCallback, useEffect, useState } from 'react'

export interface Pages<Item> {
  /** Undefined until the first page has come. */
  items: readonly Item[] | undefined
  /** What the last try threw. */
  error: unknown
  busy: boolean
  /** Asks for the next page; undefined at the end. */
  more: (() => void) | undefined
  /** Forgets all and asks for the first page again. */
  refresh: () => void
}

interface Shown<Item, Cursor> {
  items?: readonly Item[]
  next: Cursor | null
  busy: boolean
  error?: unknown
}

/** @param load must be the same function as long as it asks the same: pages of another start anew */
export function usePages<Item, Cursor>(
  load: (from: Cursor | undefined) => Promise<{ items: readonly Item[]; next: Cursor | null }>
): Pages<Item> {
  const [round, setRound] = useState(0)
  const [shown, setShown] = useState<Shown<Item, Cursor>>({ next: null, busy: true })
  useEffect(() => {
    let wanted = true
    load(undefined).then(
      ({ items, next }) => {
        if (wanted) setShown({ items, next, busy: false })
      },
      (error: unknown) => {
        if (wanted) setShown((before) => ({ ...before, busy: false, error }))
      }
    )
    return () => {
      wanted = false
    }
  }, [load, round])

  const { items, next, busy, error } = shown
  const refresh = useCallback(() => {
    setShown((before) => ({ ...before, busy: true }))
    setRound((before) => before + 1)
  }, [])
  const more = (from: Cursor) => {
    setShown({ ...shown, busy: true })
    load(from).then(
      (page) =>
        // Asked anew meanwhile: what was asked for belongs to the list before.
        setShown((now) =>
          now.items === items ? { items: [...(items ?? []), ...page.items], next: page.next, busy: false } : now
        ),
      (failure: unknown) => setShown((now) => ({ ...now, busy: false, error: failure }))
    )
  }
  return { items, error, busy, refresh, more: next === null || busy ? undefined : () => more(next) }
}
