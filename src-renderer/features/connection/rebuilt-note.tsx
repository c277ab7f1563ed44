// Says once that what was stored of the rooms could not be read and is fetched anew.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './connection-line.module.css'

export function RebuiltNote() {
  const { connection, offline } = useTexts()
  const [shown, setShown] = useState(useServices().recordsRebuilt === true)
  if (!shown) return null
  return (
    <div role="note" className={styles.note}>
      <p>{connection.rebuilt}</p>
      <Button small look="quiet" onClick={() => setShown(false)}>
        {offline.understood}
      </Button>
    </div>
  )
}
