// Above the field while one speaks aside: to whom, unmistakably, and the way back to everybody [S11.5].
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './asides.module.css'
import type { Aside } from './use-aside.ts'
import { later } from '../../ui/later.tsx'

const RecipientsDialog = later(async () => (await import('./recipients-dialog.tsx')).RecipientsDialog)

interface AsideLineProps {
  roomId: string
  userIds: readonly string[]
  /** Absent where it follows from what is answered or changed. */
  aside?: Aside
}

export function AsideLine({ roomId, userIds, aside }: AsideLineProps) {
  const texts = useTexts()
  const { asides } = texts
  const { queries } = useServices().store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const [choosing, setChoosing] = useState(false)
  const names = userIds.map((userId) => nameOf(texts, users ?? new Map(), userId))
  return (
    <div className={styles.line}>
      <Icon name="aside" size={18} />
      <output className={styles.to}>{asides.to(names)}</output>
      {aside && (
        <>
          <Button small look="quiet" onClick={() => setChoosing(true)}>
            {asides.change}
          </Button>
          <IconButton icon="close" label={asides.leave} onClick={aside.leave} />
        </>
      )}
      {choosing && aside && (
        <RecipientsDialog
          roomId={roomId}
          userIds={userIds}
          onChosen={aside.speakTo}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  )
}
