// Above the field while one speaks aside: to whom, unmistakably, and the way back to everybody [S11.5].
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './asides.module.css'

interface AsideLineProps {
  userIds: readonly string[]
  onChange: () => void
  onLeave: () => void
}

export function AsideLine({ userIds, onChange, onLeave }: AsideLineProps) {
  const texts = useTexts()
  const { asides } = texts
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const names = userIds.map((userId) => nameOf(texts, users ?? new Map(), userId))
  return (
    <div className={styles.line}>
      <Icon name="aside" size={18} />
      <output className={styles.to}>{asides.to(names)}</output>
      <Button small look="quiet" onClick={onChange}>
        {asides.change}
      </Button>
      <IconButton icon="close" label={asides.leave} onClick={onLeave} />
    </div>
  )
}
