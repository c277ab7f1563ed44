// The badge that tells the truth about the connection, and the way into the outbox.
import { useState } from 'react'
import type { ObservedValueOf } from 'rxjs'
import { desktopBridge } from '../../platform/bridge.ts'
import { saveFile } from '../../platform/save-file.ts'
import { useNow } from '../../platform/use-now.ts'
import { useServices } from '../../services-context.tsx'
import type { Services } from '../../services.ts'
import type { OutboxItem } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import type { Texts } from '../../texts/texts.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './connection-line.module.css'
import { later, laterUnasked } from '../../ui/later.tsx'

const CertificateTrouble = laterUnasked(async () => (await import('./certificate-trouble.tsx')).CertificateTrouble)
const OutboxPanel = later(async () => (await import('./outbox-panel.tsx')).OutboxPanel)

type Status = ObservedValueOf<Services['status']>

const COUNTDOWN_EVERY_MS = 500

/** With `onlyTrouble` it is there only when something is wrong. */
export function ConnectionLine({ onlyTrouble = false }: { onlyTrouble?: boolean }) {
  const texts = useTexts()
  const services = useServices()
  const { store } = services
  const status = useObservable(() => services.status, [services.status]) ?? { name: 'connecting' }
  const outbox = useObservable(() => store.queries.watchOutbox(), [store]) ?? []
  const [outboxOpen, setOutboxOpen] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const waiting = outbox.filter(isWaiting).length
  const refused = outbox.filter(({ state }) => state === 'refused').length
  const look = lookOf(texts, status)
  const canPin = desktopBridge()?.pin !== undefined
  const said = status.name === 'connected' || status.name === 'waiting' ? status.said : undefined
  const isWell = look.name === 'good' && said === undefined && refused === 0
  if (onlyTrouble && isWell && !outboxOpen) return null
  return (
    <div className={styles.line}>
      <output className={styles.badge} data-look={look.name}>
        <span className={styles.sign} data-turning={status.name === 'connecting'}>
          <Icon name={look.icon} size={16} />
        </span>
        <span>{look.words}</span>
      </output>
      {said !== undefined && (
        <p className={styles.said} role="alert">
          {said}
        </p>
      )}
      {status.name === 'waiting' && <Countdown retryAt={status.retryAt} onNow={() => services.connectNow()} />}
      {canPin && (status.name === 'waiting' || status.name === 'connecting') && (
        <CertificateTrouble
          relayUrl={services.relayUrl}
          failed={status.name === 'waiting' && status.reason === 'unreachable'}
        />
      )}
      {status.name === 'ended' && status.reason === 'signed-out' && (
        <>
          <Button small onClick={() => services.signInAgain()}>
            {texts.connection.signInAgain}
          </Button>
          <Button
            small
            look="quiet"
            onClick={() => {
              services.exportAll().then((file) => saveFile(file, texts.connection.saveName), setProblem)
            }}
          >
            {texts.connection.save}
          </Button>
          {problem !== undefined && <span role="alert">{errorSentence(texts, problem)}</span>}
        </>
      )}
      {(waiting > 0 || refused > 0) && (
        <span className={styles.outbox}>
          {refused > 0 && (
            <Button small look="danger" icon="warning" onClick={() => setOutboxOpen(true)}>
              {texts.outbox.openRefused(refused)}
            </Button>
          )}
          {waiting > 0 && (
            <Button small look="quiet" icon="clock" onClick={() => setOutboxOpen(true)}>
              {texts.outbox.open(waiting)}
            </Button>
          )}
        </span>
      )}
      {outboxOpen && <OutboxPanel items={outbox} onClose={() => setOutboxOpen(false)} />}
    </div>
  )
}

/** What somebody would miss. That one has read something waits too, but nobody counts it. */
function isWaiting({ state, operation }: OutboxItem): boolean {
  return (state === 'waiting' || state === 'sent') && operation.type !== 'read.mark'
}

/** Seen, not read aloud: a status that speaks every second helps nobody. */
function Countdown({ retryAt, onNow }: { retryAt: number; onNow: () => void }) {
  const { connection } = useTexts()
  const now = useNow(COUNTDOWN_EVERY_MS)
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000))
  return (
    <span className={styles.countdown}>
      <span aria-hidden>{connection.retryIn(seconds)}</span>
      <Button small look="quiet" aria-label={connection.nowLabel} onClick={onNow}>
        {connection.now}
      </Button>
    </span>
  )
}

function lookOf(texts: Texts, status: Status): { name: string; icon: IconName; words: string } {
  const { connection } = texts
  switch (status.name) {
    case 'connected':
      return status.relayCannotStore
        ? { name: 'warning', icon: 'warning', words: connection.cannotStore }
        : { name: 'good', icon: 'online', words: connection.connected }
    case 'connecting':
      return { name: 'quiet', icon: 'connecting', words: connection.connecting }
    case 'waiting':
      return { name: 'warning', icon: 'offline', words: whyWaiting(connection, status) }
    case 'ended':
      return {
        name: 'danger',
        icon: 'warning',
        words: status.why ? connection.endedWhy[status.why] : connection.ended[status.reason]
      }
  }
}

/** Without a network there is nothing else to be said. */
function whyWaiting(words: Texts['connection'], status: Extract<Status, { name: 'waiting' }>): string {
  if (status.reason === 'network') return words.waiting.network
  if (status.byOwner) return words.waitingByOwner
  return status.tooSlow ? words.waitingTooSlow : words.waiting[status.reason]
}
