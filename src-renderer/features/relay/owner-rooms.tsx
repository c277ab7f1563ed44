// The groups and open rooms of the relay, for its owner: what they are called and how large, never what is said in them.
import { useCallback, useState } from 'react'
import type { AdminRoom } from '../../../protocol/rest.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { usePages } from '../../ui/use-pages.ts'
import { PageList } from './page-list.tsx'
import styles from './relay.module.css'

export function OwnerRooms() {
  const texts = useTexts()
  const { admin } = texts
  const { administration } = useServices()
  const load = useCallback(
    async (after: string | undefined) => {
      const { rooms, next } = await administration.rooms(after)
      return { items: rooms, next }
    },
    [administration]
  )
  const pages = usePages(load)
  const [closing, setClosing] = useState<AdminRoom>()
  const acting = useAsking()
  return (
    <>
      <PageList pages={pages} none={admin.noRooms} problem={acting.error ?? pages.error}>
        {(room) => (
          <li key={room.id} className={styles.row}>
            <div className={styles.about}>
              <p className={styles.name}>
                <span>{room.name}</span>
                <span className={styles.mark}>{admin.kind[room.kind]}</span>
                {room.closedAt !== undefined && <span className={styles.mark}>{admin.closed}</span>}
              </p>
              <p className={styles.quiet}>
                {[admin.members(room.memberCount), admin.messages(room.headSeq), texts.dates.day(room.createdAt)].join(
                  ' · '
                )}
              </p>
            </div>
            {room.closedAt === undefined && (
              <Button small look="danger" aria-label={admin.closeTitle(room.name)} onClick={() => setClosing(room)}>
                {admin.close}
              </Button>
            )}
          </li>
        )}
      </PageList>
      {closing && (
        <Dialog
          title={admin.closeTitle(closing.name)}
          closeLabel={texts.close}
          onClose={() => setClosing(undefined)}
          actions={
            <>
              <Button onClick={() => setClosing(undefined)}>{texts.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  setClosing(undefined)
                  acting.ask(async () => administration.closeRoom(closing.id), pages.refresh)
                }}
              >
                {admin.close}
              </Button>
            </>
          }
        >
          <p>{admin.closeText}</p>
        </Dialog>
      )}
    </>
  )
}
