// The question before something that is not easily undone, with what went wrong when it could not be done.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './confirm.module.css'
import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  title: string
  closeLabel: string
  cancelLabel: string
  /** What is done. */
  actLabel: string
  look?: 'danger' | 'primary'
  act: () => Promise<unknown>
  /** The sentence for an error of `act`. */
  sentenceOf: (error: unknown) => string
  onDone: () => void
  onCancel: () => void
  /** Closed otherwise than by the button; as `onCancel` unless given. */
  onClose?: () => void
  /** What it means. */
  children: ReactNode
}

export function Confirm(props: ConfirmProps) {
  const { title, closeLabel, cancelLabel, actLabel, look = 'danger', act, sentenceOf, onDone, onCancel } = props
  const { onClose = onCancel } = props
  const [problem, setProblem] = useState<string>()
  const [acting, setActing] = useState(false)
  const go = () => {
    if (acting) return
    setActing(true)
    act().then(onDone, (error: unknown) => {
      setActing(false)
      setProblem(sentenceOf(error))
    })
  }
  return (
    <Dialog
      title={title}
      closeLabel={closeLabel}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onCancel}>{cancelLabel}</Button>
          <Button look={look} aria-disabled={acting} onClick={go}>
            {actLabel}
          </Button>
        </>
      }
    >
      <div className={styles.words}>{props.children}</div>
      <div role="alert">{problem !== undefined && <p className={styles.problem}>{problem}</p>}</div>
    </Dialog>
  )
}
