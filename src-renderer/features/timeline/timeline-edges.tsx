// What stands at the edges of a timeline: the beginning of the room or what is still to come, and the day while the list moves.
import { useTexts } from '../../texts/texts-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
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

/** What stands below the last message of a window further up. */
export function Bottom({ shown }: { shown: ShownTimeline }) {
  const { timeline } = useTexts()
  if (shown.bottom === 'end' || shown.bottom === 'more') return null
  const words = { loading: timeline.loadingNewer, offline: timeline.offlineNewer, failed: timeline.newerFailed }
  return (
    <div className={classNames(styles.top, styles.bottom)}>
      <p>{words[shown.bottom]}</p>
      {shown.bottom === 'failed' && (
        <Button small look="quiet" onClick={shown.tryAgain}>
          {timeline.tryAgain}
        </Button>
      )}
    </div>
  )
}

/** What has become of a message that somebody wants to see and that is not here. */
export function PlaceNote({ shown: { place, tryAgain, leavePlace } }: { shown: ShownTimeline }) {
  const texts = useTexts()
  const { timeline } = texts
  const words = {
    loading: timeline.loadingPlace,
    offline: timeline.offlinePlace,
    failed: timeline.placeFailed,
    missing: timeline.placeMissing
  }
  return (
    <output className={styles.place}>
      {place !== null && (
        <>
          <p>{words[place]}</p>
          {place === 'failed' && (
            <Button small look="quiet" onClick={tryAgain}>
              {timeline.tryAgain}
            </Button>
          )}
          <IconButton icon="close" label={texts.close} onClick={leavePlace} />
        </>
      )}
    </output>
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
