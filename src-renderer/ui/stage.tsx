// The frame of what is shown before the rooms: the product's sign, how far one is, and one thing to do.
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Logo } from './logo.tsx'
import styles from './stage.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

interface StageProps {
  product: string
  /** Beside it where there is room. */
  tagline: string
  title: string
  /** One or two sentences under the title. */
  text?: string | undefined
  /** Which of how many steps this is, and that in words. */
  step?: { at: number; of: number; words: string } | undefined
  /** Stands above all, at the end of the line. */
  corner?: ReactNode
  children: ReactNode
  /** Stands below the card: the other way. */
  footer?: ReactNode
}

/** A new title takes the focus, so that whoever does not see the change hears it. */
export function Stage({ product, tagline, title, text, step, corner, children, footer }: StageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(title)
  const at = step?.at
  const shownAt = useRef(at)
  useEffect(() => {
    // Another language is no other step.
    const moved = shownAt.current !== at && shown.current !== title
    shown.current = title
    shownAt.current = at
    if (moved) heading.current?.focus()
  }, [title, at])
  return (
    <main className={styles.stage}>
      <header className={styles.bar}>
        <Logo size={32} />
        <p className={styles.product}>{product}</p>
        <p className={styles.tagline}>{tagline}</p>
        {corner}
      </header>
      <div className={styles.card}>
        {step && (
          <p className={styles.steps}>
            <VisuallyHidden>{step.words}</VisuallyHidden>
            {Array.from({ length: step.of }, (_, index) => (
              <span key={index} className={styles.board} data-done={index < step.at} aria-hidden />
            ))}
          </p>
        )}
        <h1 ref={heading} className={styles.title} tabIndex={-1}>
          {title}
        </h1>
        {text !== undefined && <p className={styles.text}>{text}</p>}
        {children}
      </div>
      {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
    </main>
  )
}
