// A quiet sentence across a column, that goes when it is understood.
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './note.module.css'

interface NoteProps {
  /** The words of the button. */
  understood: string
  onUnderstood: () => void
  children: ReactNode
}

export function Note({ understood, onUnderstood, children }: NoteProps) {
  return (
    <div role="note" className={styles.note}>
      <p>{children}</p>
      <Button small look="quiet" onClick={onUnderstood}>
        {understood}
      </Button>
    </div>
  )
}
