// Inviting people, for owners of the relay.
import { useState } from 'react'
import { useTexts } from '../../texts/texts-context.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { InviteList } from './invite-list.tsx'
import { InviteMaker } from './invite-maker.tsx'
import styles from './relay.module.css'

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const [made, setMade] = useState(0)
  return (
    <Dialog title={texts.invite.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.form}>
        <p>{texts.invite.text}</p>
        <InviteMaker onMade={() => setMade(made + 1)} />
        <InviteList key={made} />
      </div>
    </Dialog>
  )
}
