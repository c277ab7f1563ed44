// How somebody is, at their sign: a mark that differs by shape, not by colour alone. The relay is asked only of those who are in view [S14.2].
import type { ReactNode } from 'react'
import { of } from 'rxjs'
import type { PresenceState } from '../../protocol/live.ts'
import { useInView } from '../platform/use-in-view.ts'
import { useServices } from '../services-context.tsx'
import { useTexts } from '../texts/texts-context.tsx'
import { useObservable } from '../ui/use-observable.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './presence.module.css'

interface PresenceSignProps {
  /** Undefined: nobody's; of oneself nothing is shown either. */
  userId: string | undefined
  /** Of the words for those who do not see the mark; null: they stand beside it anyway. */
  wordsId?: string | null
  /** The sign. */
  children: ReactNode
}

export function PresenceSign({ userId, wordsId, children }: PresenceSignProps) {
  const { live, me } = useServices()
  const texts = useTexts()
  const { ref, inView } = useInView()
  const asked = inView && userId !== me.userId ? userId : undefined
  const presence = useObservable(() => (asked === undefined ? of(undefined) : live.watchPresence(asked)), [live, asked])
  return (
    <span ref={ref} className={styles.sign}>
      {children}
      {presence && (
        <>
          <PresenceMark state={presence.state} title={texts.live.states[presence.state]} />
          {wordsId !== null && (
            <span id={wordsId}>
              <VisuallyHidden>{texts.live.states[presence.state]}</VisuallyHidden>
            </span>
          )}
        </>
      )}
    </span>
  )
}

/** A full disc, a crescent, a barred disc, a ring. */
const SHAPES: Readonly<Record<PresenceState, ReactNode>> = {
  online: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  away: <path d="M7.6 1.3A5 5 0 1 0 10.9 7 4.2 4.2 0 0 1 7.6 1.3Z" fill="currentColor" />,
  dnd: (
    <>
      <circle cx="6" cy="6" r="5" fill="currentColor" />
      <path d="M3.6 6h4.8" stroke="var(--color-panel)" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  offline: <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="2.2" />
}

function PresenceMark({ state, title }: { state: PresenceState; title: string }) {
  return (
    <span className={styles.mark} data-state={state} title={title} aria-hidden>
      <svg viewBox="0 0 12 12" width="12" height="12">
        {SHAPES[state]}
      </svg>
    </span>
  )
}
