// Reads new messages of others aloud, once each, for the open room only.
import { useEffect, useRef, useState } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
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
  const { me } = useServices()
  const spokenUpTo = useRef<number | null>(null)
  /** [S11.5] What was said aside has no place among the seqs. */
  const knownAsides = useRef<ReadonlySet<string>>(new Set())
  const [words, setWords] = useState('')

  useEffect(() => {
    const newest = rows.findLast(({ item }) => item.seq !== null)?.item.seq ?? 0
    const before = spokenUpTo.current
    spokenUpTo.current = Math.max(before ?? 0, newest)
    const known = knownAsides.current
    knownAsides.current = new Set(rows.flatMap(({ item }) => (item.aside ? [item.id] : [])))
    if (before === null) return
    const isNew = ({ id, seq, aside }: TimelineItem): boolean =>
      aside ? !known.has(id) && (aside.anchorSeq ?? 0) >= before : (seq ?? 0) > before
    const fresh = rows.filter(({ item }) => item.kind === 'text' && !item.own && isNew(item))
    if (fresh.length === 0) return
    const wordsOf = ({ authorId, body, aside }: TimelineItem): string => {
      const said = texts.timeline.announce(nameOf(texts, users, authorId), body)
      if (!aside) return said
      const others = aside.userIds.filter((userId) => userId !== me.userId)
      return `${texts.asides.onlyFor(others.map((userId) => nameOf(texts, users, userId)))}: ${said}`
    }
    setWords(
      fresh.length > MOST_AT_ONCE
        ? texts.timeline.announceMany(fresh.length)
        : fresh.map(({ item }) => wordsOf(item)).join('\n')
    )
  }, [rows, users, texts, me])

  return (
    <VisuallyHidden>
      <span aria-live="polite" data-testid="announcer">
        {words}
      </span>
    </VisuallyHidden>
  )
}
