// What stands at the upper edge of a timeline: the beginning of the room or what is still to come, and the day while the list moves.
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import type { TimelineRow } from './rows.ts'
import styles from './timeline.module.css'
import type { ShownTimeline } from './use-timeline.ts'

/** What stands above the first message. */
export function Top({ shown }: { shown: ShownTimeline }) {
  const { timeline } = useTexts()
  if (shown.top === 'more' || shown.timeline.items.length === 0) return null
  const words = {
    beginning: timeline.beginning,
    loading: timeline.loadingOlder,
    offline: timeline.offlineOlder,
    failed: timeline.olderFailed
  }
  return (
    <div className={styles.top}>
      <p>{words[shown.top]}</p>
      {shown.top === 'failed' && (
        <Button small look="quiet" onClick={shown.tryAgain}>
          {timeline.tryAgain}
        </Button>
      )}
    </div>
  )
}

/** The day of what is at the top while the list moves. */
export function StickyDay({ row }: { row: TimelineRow | undefined }) {
  const { dates } = useTexts()
  return (
    <p className={styles.stickyDay} data-shown={row !== undefined} aria-hidden>
      {row && <span>{dates.day(row.at)}</span>}
    </p>
  )
}
