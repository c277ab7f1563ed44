// How far the loading of old messages has come, with a switch to pause it; and that the device is full. Nothing when there is nothing to say.
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './connection-line.module.css'

/** Less than this is there before anybody has read the line. */
const WORTH_TELLING = 500

export function HistoryLine() {
  const { connection } = useTexts()
  const services = useServices()
  const { queries } = services.store
  const history = useObservable(() => services.history, [services.history])
  const storage = useObservable(() => queries.watchStorage(), [queries])
  if (storage === 'full') {
    return (
      <p className={styles.full} role="alert">
        <Icon name="warning" size={16} />
        <span>{connection.storageFull}</span>
      </p>
    )
  }
  if (!history || history.total - history.held < WORTH_TELLING) return null
  const { held, total, paused } = history
  return (
    <div className={styles.history}>
      <p>{paused ? connection.historyPaused(held, total) : connection.history(held, total)}</p>
      <IconButton
        icon={paused ? 'play' : 'pause'}
        label={paused ? connection.resumeHistory : connection.pauseHistory}
        onClick={() => services.pauseHistory(!paused)}
      />
    </div>
  )
}
