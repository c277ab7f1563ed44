// Reads new messages of others aloud, once each, for the open room only.
import { useEffect, useRef, useState } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import type { TimelineRow } from './rows.ts'

/** More than this at once is told as a number. */
const MOST_AT_ONCE = 3

interface AnnouncerProps {
  rows: readonly TimelineRow[]
  users: ReadonlyMap<string, UserRecord>
}

/** What is there when the room opens is not new. */
export function Announcer({ rows, users }: AnnouncerProps) {
  const texts = useTexts()
  const spokenUpTo = useRef<number | null>(null)
  const [words, setWords] = useState('')

  useEffect(() => {
    const newest = rows.findLast(({ item }) => item.seq !== null)?.item.seq ?? 0
    const before = spokenUpTo.current
    spokenUpTo.current = Math.max(before ?? 0, newest)
    if (before === null || newest <= before) return
    const fresh = rows.filter(({ item }) => item.kind === 'text' && !item.own && (item.seq ?? 0) > before)
    if (fresh.length === 0) return
    setWords(
      fresh.length > MOST_AT_ONCE
        ? texts.timeline.announceMany(fresh.length)
        : fresh.map(({ item }) => texts.timeline.announce(nameOf(texts, users, item.authorId), item.body)).join('\n')
    )
  }, [rows, users, texts])

  return (
    <VisuallyHidden>
      <span aria-live="polite" data-testid="announcer">
        {words}
      </span>
    </VisuallyHidden>
  )
}
