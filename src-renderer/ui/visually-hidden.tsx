// Text for assistive technology only.
import type { ReactNode } from 'react'
import styles from './visually-hidden.module.css'

/** Not to be seen, but read aloud. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>
}
