// The text of a message as it stands in its bubble: long ones are folded until somebody wants all of them.
import { useState } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './message.module.css'
import { isLong } from './fold.ts'
import { RichText } from './rich-text/rich-text.tsx'
import type { MentionedName } from './rich-text/mentions.ts'
import { useRowActions } from './row-actions.ts'

interface MessageTextProps {
  item: TimelineItem
  users: ReadonlyMap<string, UserRecord>
}

export function MessageText({ item, users }: MessageTextProps) {
  const { timeline } = useTexts()
  const { me } = useServices()
  const { unfolded, willGrow } = useRowActions()
  const long = isLong(item.body)
  const [open, setOpen] = useState(() => unfolded.has(item.id))
  const folded = long && !open
  const text = <RichText owner={item} body={item.body} names={namesOf(item, users, me.userId)} />
  if (!long) return text
  return (
    <>
      <div className={classNames(folded && styles.folded)}>{text}</div>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={open}
        onClick={() => {
          if (open) unfolded.delete(item.id)
          else unfolded.add(item.id)
          if (!open) willGrow(item)
          setOpen(!open)
        }}
      >
        {open ? timeline.showLess : timeline.showAll}
      </button>
    </>
  )
}

function namesOf(
  { mentions }: TimelineItem,
  users: ReadonlyMap<string, UserRecord>,
  myId: string
): readonly MentionedName[] | undefined {
  return mentions?.flatMap((id) => {
    const user = users.get(id)
    return user ? [{ name: user.displayName, own: id === myId }] : []
  })
}
