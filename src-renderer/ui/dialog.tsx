// A modal dialog: it keeps the focus, closes by Esc and by a click beside it, and gives the focus back.
import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import styles from './dialog.module.css'

interface DialogProps {
  title: string
  closeLabel: string
  onClose: () => void
  children: ReactNode
  /** Buttons at the bottom. */
  actions?: ReactNode
  /** Asked when it closes: whether the focus goes back to where it was. False after what has taken it elsewhere. Without it, it does. */
  givesFocusBack?: () => boolean
}

/** Open as long as it is rendered. `onClose` must make its owner stop rendering it. Begins in its first field, if it has any. */
export function Dialog({ title, closeLabel, onClose, children, actions, givesFocusBack }: DialogProps) {
  const body = useRef<HTMLDivElement>(null)
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={styles.dialog}
          // By touch, a field would raise the keyboard over the dialog.
          {...(givesFocusBack === undefined ? {} : { finalFocus: givesFocusBack })}
          initialFocus={(by) => by === 'touch' || (body.current?.querySelector<HTMLElement>('input:enabled') ?? true)}
        >
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <IconButton icon="close" label={closeLabel} onClick={onClose} />
          </header>
          <div ref={body} className={styles.body}>
            {children}
          </div>
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
