// The version of the desktop app, and the way to a newer one. Nothing in a browser, and where a build never looks.
import { useEffect, useState } from 'react'
import { desktopBridge } from '../../platform/bridge.ts'
import type { ShellUpdates, UpdateState } from '../../platform/bridge.ts'
import { useUpdates } from '../../platform/use-updates.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './update.module.css'

/** What the person has done last, since the settings were opened. */
type Did = 'look' | 'download' | 'install' | 'postpone'

export function UpdateSettings() {
  const known = useUpdates()
  return known && <Updates updates={known.updates} state={known.state} />
}

function Updates({ updates, state }: { updates: ShellUpdates; state: UpdateState }) {
  const { updates: words } = useTexts()
  const version = useVersion()
  const { ask, error } = useAsking()
  const [did, setDid] = useState<Did>()
  const act = (name: Did) => {
    setDid(name)
    ask(async () => updates[name]())
  }
  return (
    <div className={styles.settings}>
      <div className={styles.line}>
        <p>{version === undefined ? null : words.version(version)}</p>
        <Acts state={state} onAct={act} />
      </div>
      <output className={styles.words}>
        <Words state={state} did={did} />
      </output>
      <div role="alert">{error !== undefined && <p>{words.failed.other}</p>}</div>
    </div>
  )
}

/** What can be done now. */
function Acts({ state, onAct }: { state: UpdateState; onAct: (act: Did) => void }) {
  const { updates: words } = useTexts()
  switch (state.name) {
    case 'available':
      return (
        <div className={styles.acts}>
          <Button small look="quiet" onClick={() => onAct('postpone')}>
            {words.later}
          </Button>
          <Button small look="primary" onClick={() => onAct('download')}>
            {words.download}
          </Button>
        </div>
      )
    case 'ready':
      return (
        <Button small look="primary" onClick={() => onAct('install')}>
          {words.restart}
        </Button>
      )
    case 'off':
    case 'downloading':
      return null
    case 'idle':
    case 'looking':
    case 'failed':
      return (
        <Button small disabled={state.name === 'looking'} onClick={() => onAct('look')}>
          {words.look}
        </Button>
      )
  }
}

function Words({ state, did }: { state: UpdateState; did: Did | undefined }) {
  const { updates: words, dates } = useTexts()
  /** Near enough for telling today from yesterday. */
  const [openedAt] = useState(() => Date.now())
  switch (state.name) {
    case 'off':
      return null
    case 'idle':
      if (did === 'postpone') return words.laterText
      if (state.lookedAt === null) return null
      return did === 'look' ? words.newest : words.lookedAt(dates.short(state.lookedAt, openedAt))
    case 'looking':
      return words.looking
    case 'available':
      return words.available(state.version)
    case 'downloading':
      return words.downloading(state.version, state.percent)
    case 'ready':
      return words.ready(state.version)
    case 'failed':
      return words.failed[state.reason]
  }
}

/** Undefined until the shell has told. */
function useVersion(): string | undefined {
  const [version, setVersion] = useState<string>()
  useEffect(() => {
    let gone = false
    void desktopBridge()
      ?.facts()
      .then((facts) => {
        if (!gone) setVersion(facts.version)
      })
    return () => {
      gone = true
    }
  }, [])
  return version
}
