// A quiet sentence for who came by plain http: what the browser does not do there. Goes away when it is understood, on this device for good.
import { useState } from 'react'
import { useTexts } from '../texts/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import styles from './plain-http-note.module.css'
import { neededToStart } from './registration.ts'

const UNDERSTOOD_KEY = 'maru.plain-http-understood'

export function PlainHttpNote() {
  const { offline } = useTexts()
  const [shown, setShown] = useState(
    () => neededToStart() === 'relay' && window.localStorage.getItem(UNDERSTOOD_KEY) === null
  )
  if (!shown) return null
  return (
    <div role="note" className={styles.note}>
      <p>{offline.needsRelay}</p>
      <Button
        small
        look="quiet"
        onClick={() => {
          window.localStorage.setItem(UNDERSTOOD_KEY, 'yes')
          setShown(false)
        }}
      >
        {offline.understood}
      </Button>
    </div>
  )
}
