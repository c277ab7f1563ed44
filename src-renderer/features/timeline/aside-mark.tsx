// Says of a message that was said aside who has it: nobody else does [S11.5].
import { useRef } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { AsideMark as Aside, TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Icon } from '../../ui/icon.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './aside-mark.module.css'
import { useAsideRead } from './use-aside-read.ts'

interface AsideMarkProps {
  item: TimelineItem & { aside: Aside }
  users: ReadonlyMap<string, UserRecord>
  /** Whether it is to be seen: of several in a row it is only read aloud with the later ones. */
  visible: boolean
}

export function AsideMark({ item: { roomId, aside }, users, visible }: AsideMarkProps) {
  const texts = useTexts()
  const { me } = useServices()
  const element = useRef<HTMLParagraphElement>(null)
  useAsideRead({ roomId, seq: aside.seq, unread: aside.unread }, element)
  const others = aside.userIds.filter((userId) => userId !== me.userId)
  const words = texts.asides.onlyFor(others.map((userId) => nameOf(texts, users, userId)))
  return (
    <p ref={element} className={visible ? styles.mark : undefined}>
      {visible ? (
        <>
          <Icon name="aside" size={15} />
          <span>{words}</span>
        </>
      ) : (
        <VisuallyHidden>{words}</VisuallyHidden>
      )}
    </p>
  )
}
