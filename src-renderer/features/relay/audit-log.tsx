// What was done to the relay and its accounts, by whom, the newest first.
import { useCallback } from 'react'
import type { AuditEntry } from '../../../protocol/rest.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { usePages } from '../../ui/use-pages.ts'
import { PageList } from './page-list.tsx'
import styles from './relay.module.css'

export function AuditLog() {
  const texts = useTexts()
  const { admin, dates } = texts
  const { administration, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? new Map()
  const load = useCallback(
    async (before: number | undefined) => {
      const { entries, olderCursor } = await administration.audit(before)
      return { items: entries, next: olderCursor }
    },
    [administration]
  )
  const pages = usePages(load)
  const subject = ({ userId, actorId }: AuditEntry) =>
    userId === undefined || userId === actorId ? [] : [nameOf(texts, users, userId)]
  return (
    <PageList pages={pages} none={admin.noEntries}>
      {(entry) => (
        <li key={entry.seq} className={styles.row}>
          <div className={styles.about}>
            <p className={styles.quiet}>{`${dates.day(entry.at)} ${dates.time(entry.at)}`}</p>
            <p className={styles.entry}>
              {[
                entry.actorId === null ? admin.byCommand : nameOf(texts, users, entry.actorId),
                admin.acts[entry.act] ?? admin.unknownAct(entry.act),
                ...subject(entry),
                ...(entry.detail === undefined ? [] : [entry.detail])
              ].join(' · ')}
            </p>
          </div>
        </li>
      )}
    </PageList>
  )
}
