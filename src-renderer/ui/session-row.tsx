// A signed-in device in a list, with a button that signs it out.
import { Button } from './button.tsx'
import styles from './session-row.module.css'

interface SessionRowProps {
  name: string
  /** When it was used, which one it is. */
  about: readonly string[]
  signOut: string
  signOutLabel: string
  /** Undefined for the one that is not signed out from here. */
  onSignOut?: (() => void) | undefined
}

export function SessionRow({ name, about, signOut, signOutLabel, onSignOut }: SessionRowProps) {
  return (
    <li className={styles.row}>
      <div className={styles.about}>
        <p>{name}</p>
        <p className={styles.quiet}>{about.join(' · ')}</p>
      </div>
      {onSignOut && (
        <Button small look="danger" aria-label={signOutLabel} onClick={onSignOut}>
          {signOut}
        </Button>
      )}
    </li>
  )
}
