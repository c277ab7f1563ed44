// A name and a quieter line under it, as lists have them; what is too long ends in an ellipsis.
import type { ReactNode } from 'react'
import styles from './two-lines.module.css'

export function TwoLines({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className={styles.both}>
      <span className={styles.name}>{name}</span>
      <span className={styles.line}>{children}</span>
    </span>
  )
}
