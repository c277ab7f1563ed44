// What is said while a part of the screen that is loaded later has not come: over the screen, where somebody has asked for it, or in the place that it
// will fill. In the client from its start: there may be no network to fetch it by, so it must import nothing that is large.
import { useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTexts } from '../texts/texts-context.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import type { How } from './part-asking.ts'
import styles from './part-coming.module.css'

interface ComingProps {
  how: How
  /** Somebody wants it to be tried now. */
  onAgain: () => void
}

/** Keeps the focus until the part comes or is given up, then gives it back: what is typed meanwhile does not end up in what comes. */
export function ComingOver({ how, onAgain, onClose }: ComingProps & { onClose: () => void }) {
  return how === 'expected' ? null : <Box {...{ how, onAgain, onClose }} />
}

/** The browser's own dialog: it lies over other dialogs too, and theirs is a part that is loaded later. */
function Box({ how, onAgain, onClose }: ComingProps & { onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const element = box.current
    element?.showModal()
    // Not its first button: a key that was meant for what was asked for would press it.
    element?.focus()
    // Closed before it is taken away, it gives back the focus, which what has come then takes from there.
    return () => element?.close()
  }, [])
  return createPortal(
    <dialog
      ref={box}
      // oxlint-disable-next-line jsx-a11y/no-redundant-roles -- by this the keys of the rooms know that something lies over them
      role="dialog"
      className={styles.box}
      tabIndex={-1}
      aria-labelledby={id}
      aria-describedby={`${id}-text`}
      onCancel={onClose}
      onKeyDown={(event) => {
        // What lies under it must not close as well.
        if (event.key === 'Escape') event.stopPropagation()
      }}
    >
      <Words {...{ how, onAgain, onClose, id }} />
    </dialog>,
    document.body
  )
}

export function ComingInPlace({ how, onAgain }: ComingProps) {
  const id = useId()
  return (
    <div className={styles.place}>
      <div>
        <Words {...{ how, onAgain, id }} />
      </div>
    </div>
  )
}

/** The regions that speak are there before they have something to say. */
function Words({ how, onAgain, onClose, id }: ComingProps & { onClose?: () => void; id: string }) {
  const { close, coming, reload } = useTexts()
  const onItsWay = isOnItsWay(how)
  return (
    <>
      <div aria-live="polite">
        {onItsWay && (
          <div className={styles.words}>
            <span className={styles.turning}>
              <Icon name="connecting" />
            </span>
            <p id={id} className={styles.title}>
              {coming.loading}
            </p>
            {comesFromRelay() && (
              <p id={`${id}-text`} className={styles.text}>
                {coming.fromRelay}
              </p>
            )}
          </div>
        )}
      </div>
      <div role="alert">
        {(how === 'missing' || how === 'still-missing') && (
          <div className={styles.words}>
            <Icon name="offline" />
            <p id={id} className={styles.title}>
              {coming.missing}
            </p>
            <p id={`${id}-text`} className={styles.text}>
              {how === 'still-missing'
                ? coming.stillMissing
                : comesFromRelay()
                  ? coming.missingText
                  : coming.missingHere}
            </p>
          </div>
        )}
      </div>
      {how !== 'expected' && (
        <div className={styles.acts}>
          {onClose && <Button onClick={onClose}>{close}</Button>}
          {how === 'still-missing' && <Button onClick={() => window.location.reload()}>{reload}</Button>}
          {how !== 'loading' && (
            <Button look="primary" aria-disabled={onItsWay} onClick={() => onItsWay || onAgain()}>
              {coming.again}
            </Button>
          )}
        </div>
      )}
    </>
  )
}

function isOnItsWay(how: How): boolean {
  return how === 'loading' || how === 'retrying'
}

/** Unless the desktop app has brought it along, or a service worker has kept it. */
function comesFromRelay(): boolean {
  if (!window.location.protocol.startsWith('http')) return false
  return !('serviceWorker' in navigator) || navigator.serviceWorker.controller === null
}
