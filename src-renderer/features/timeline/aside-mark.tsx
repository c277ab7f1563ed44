// Says of a message that was said aside who has it: nobody else does [S11.5].
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import type { AsideMark as Aside } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Icon } from '../../ui/icon.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './aside-mark.module.css'

interface AsideMarkProps {
  aside: Aside
  users: ReadonlyMap<string, UserRecord>
  /** Whether it is to be seen: of several in a row it is only read aloud with the later ones. */
  visible: boolean
}

export function AsideMark({ aside, users, visible }: AsideMarkProps) {
  const texts = useTexts()
  const { me } = useServices()
  const others = aside.userIds.filter((userId) => userId !== me.userId)
  const words = texts.asides.onlyFor(others.map((userId) => nameOf(texts, users, userId)))
  if (!visible) return <VisuallyHidden>{words}</VisuallyHidden>
  return (
    <p className={styles.mark}>
      <Icon name="aside" size={15} />
      <span>{words}</span>
    </p>
  )
}
