// The invites that can still be used, each to be revoked. For owners of the relay; needs the relay.
import { useCallback } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { usePages } from '../../ui/use-pages.ts'
import styles from './relay.module.css'

export function InviteList() {
  const texts = useTexts()
  const { invite: words } = texts
  const { invites, store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  const load = useCallback(async () => ({ items: await invites.list(), next: null }), [invites])
  const pages = usePages(load)
  const revoking = useAsking()
  const problem = revoking.error ?? pages.error
  const nameOf = (roomId: string) => rooms?.find(({ id }) => id === roomId)?.name
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{words.list}</h3>
      <div role="alert">
        {problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
      </div>
      {pages.items === undefined && pages.busy && <p className={styles.quiet}>{texts.admin.loading}</p>}
      {pages.items?.length === 0 && <p className={styles.quiet}>{words.none}</p>}
      <ul className={styles.rows}>
        {pages.items?.map((invite) => {
          const names = invite.roomIds.flatMap((roomId) => nameOf(roomId) ?? [])
          return (
            <li key={invite.id} className={styles.row}>
              <div className={styles.about}>
                <p>{words.left(invite.usesLeft, invite.uses)}</p>
                <p className={styles.quiet}>
                  {[texts.dates.day(invite.createdAt), `~ ${texts.dates.day(invite.expiresAt)}`].join(' ')}
                  {names.length > 0 && ` · ${names.join(', ')}`}
                </p>
              </div>
              <Button
                small
                look="danger"
                aria-label={words.revokeLabel(texts.dates.day(invite.createdAt))}
                onClick={() => revoking.ask(async () => invites.revoke(invite.id), pages.refresh)}
              >
                {words.revoke}
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
