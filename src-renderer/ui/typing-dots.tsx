// Three dots that stand for words on their way; still for who wants no motion.
import styles from './typing-dots.module.css'

/** Decoration: the words stand beside it. */
export function TypingDots() {
  return (
    <span className={styles.dots} aria-hidden>
      <span className={styles.dot} />
      <span className={styles.dot} />
      <span className={styles.dot} />
    </span>
  )
}
