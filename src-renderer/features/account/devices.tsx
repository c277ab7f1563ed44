// The devices that are signed in to one's account; each can be signed out, or all others at once.
import { useCallback } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { SessionRow } from '../../ui/session-row.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { usePages } from '../../ui/use-pages.ts'
import styles from './account.module.css'

export function Devices() {
  const texts = useTexts()
  const { account: words, dates } = texts
  const { account } = useServices()
  const load = useCallback(async () => ({ items: await account.sessions(), next: null }), [account])
  const pages = usePages(load)
  const acting = useAsking()
  const problem = acting.error ?? pages.error
  const sessions = pages.items?.toSorted((a, b) => Number(b.current) - Number(a.current))
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{words.devices}</h3>
      <div role="alert">
        {problem !== undefined && (
          <p
            className={styles.problem}
          >{`${pages.items ? '' : `${words.loadFailed} `}${errorSentence(texts, problem)}`}</p>
        )}
      </div>
      {sessions === undefined && pages.busy && <p className={styles.quiet}>{texts.admin.loading}</p>}
      <ul>
        {sessions?.map(({ deviceId, deviceName, current, online, lastUsedAt }) => (
          <SessionRow
            key={deviceId}
            name={deviceName}
            about={[
              ...(current ? [words.thisDevice] : []),
              online ? words.onlineNow : words.lastUsed(dates.day(lastUsedAt))
            ]}
            signOut={words.signOutDevice}
            signOutLabel={words.signOutDeviceLabel(deviceName)}
            onSignOut={current ? undefined : () => acting.ask(async () => account.endSession(deviceId), pages.refresh)}
          />
        ))}
      </ul>
      {pages.error !== undefined && !pages.busy && <Button onClick={pages.refresh}>{texts.timeline.tryAgain}</Button>}
      {sessions && sessions.length > 1 && (
        <>
          <Button onClick={() => acting.ask(async () => account.endOtherSessions(), pages.refresh)}>
            {words.signOutOthers}
          </Button>
          <p className={styles.quiet}>{words.signOutOthersText}</p>
        </>
      )}
    </section>
  )
}
