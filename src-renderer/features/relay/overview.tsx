// How the relay is: version, storage, connections, recent errors.
import { useEffect, useState } from 'react'
import type { AdminOverview } from '../../../protocol/rest.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { bytesInWords } from './bytes-in-words.ts'
import styles from './relay.module.css'

export function Overview() {
  const texts = useTexts()
  const { admin, dates } = texts
  const { administration } = useServices()
  const [seen, setSeen] = useState<AdminOverview>()
  const asking = useAsking()
  const look = () => asking.ask(async () => administration.overview(), setSeen)
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, and then when the person asks
  useEffect(look, [])
  const when = (at: string) => `${dates.day(at)} ${dates.time(at)}`
  return (
    <>
      <div role="alert">
        {asking.error !== undefined && <p className={styles.problem}>{errorSentence(texts, asking.error)}</p>}
        {seen?.storage.trouble !== undefined && <p className={styles.problem}>{admin.trouble(seen.storage.trouble)}</p>}
      </div>
      {!seen && asking.busy && <p className={styles.quiet}>{admin.loading}</p>}
      {seen && (
        <>
          <dl className={styles.facts}>
            <dt>{admin.version}</dt>
            <dd>{seen.version}</dd>
            <dt>{admin.runningSince}</dt>
            <dd>{when(seen.startedAt)}</dd>
            <dt>{admin.registration}</dt>
            <dd>{admin.registrationWords[seen.registration]}</dd>
            <dt>{admin.storage}</dt>
            <dd>
              {seen.storage.bytes === null
                ? admin.bytesUnknown
                : admin.bytes(bytesInWords(texts.locale, seen.storage.bytes))}
              {` · ${seen.storage.driver}`}
            </dd>
            <dt>{admin.peopleCount}</dt>
            <dd>{seen.storage.users.toLocaleString(texts.locale)}</dd>
            <dt>{admin.roomCount}</dt>
            <dd>{seen.storage.rooms.toLocaleString(texts.locale)}</dd>
            <dt>{admin.connections}</dt>
            <dd>{admin.connectionWords(seen.connections.devices, seen.connections.users)}</dd>
          </dl>
          <section className={styles.section}>
            <h3 className={styles.heading}>{admin.errors}</h3>
            {seen.errors.length === 0 && <p className={styles.quiet}>{admin.noErrors}</p>}
            <ul className={styles.rows}>
              {seen.errors.map(({ at, message }, index) => (
                <li key={`${at} ${index}`} className={styles.row}>
                  <div className={styles.about}>
                    <p className={styles.quiet}>{when(at)}</p>
                    <p className={styles.code}>{message}</p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      <Button icon="retry" aria-disabled={asking.busy} onClick={look}>
        {admin.refresh}
      </Button>
    </>
  )
}
