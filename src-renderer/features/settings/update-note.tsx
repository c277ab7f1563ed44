// A quiet sentence beside the connection's when there is a new version of the desktop app, with what can be done about it. Asks for nothing by itself.
import { useState } from 'react'
import { useUpdates } from '../../platform/use-updates.ts'
import type { KnownUpdates } from '../../platform/use-updates.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './update.module.css'

export function UpdateNote() {
  const known = useUpdates()
  return known && <Shown {...known} />
}

function Shown({ updates, state }: KnownUpdates) {
  const { updates: words } = useTexts()
  const { ask, error } = useAsking()
  /** The download was asked for here, so here it is told when it fails. */
  const [fetching, setFetching] = useState(false)
  const [hidden, setHidden] = useState<'ready' | 'failed'>()
  if (state.name === hidden) return null
  const failed = error !== undefined && <p role="alert">{words.failed.other}</p>
  switch (state.name) {
    case 'idle':
    case 'looking':
      return null
    case 'available':
      return (
        <div role="note" className={styles.note}>
          <p>{words.available(state.version)}</p>
          {failed}
          <div className={styles.acts}>
            <Button small look="quiet" onClick={() => ask(async () => updates.postpone())}>
              {words.later}
            </Button>
            <Button
              small
              onClick={() => {
                setFetching(true)
                setHidden(undefined)
                ask(async () => updates.download())
              }}
            >
              {words.download}
            </Button>
          </div>
        </div>
      )
    case 'downloading':
      return (
        <div role="note" className={styles.note}>
          <p>{words.downloading(state.version, state.percent)}</p>
        </div>
      )
    case 'ready':
      return (
        <div role="note" className={styles.note}>
          <p>{words.ready(state.version)}</p>
          {failed}
          <div className={styles.acts}>
            <Button small look="quiet" onClick={() => setHidden('ready')}>
              {words.notNow}
            </Button>
            <Button small onClick={() => ask(async () => updates.install())}>
              {words.restart}
            </Button>
          </div>
        </div>
      )
    case 'failed':
      if (!fetching) return null
      return (
        <div role="alert" className={styles.note}>
          <p>{words.failed[state.reason]}</p>
          <div className={styles.acts}>
            <Button small look="quiet" onClick={() => setHidden('failed')}>
              {words.notNow}
            </Button>
            <Button small onClick={() => ask(async () => updates.look())}>
              {words.again}
            </Button>
          </div>
        </div>
      )
  }
}
