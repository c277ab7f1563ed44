// The devices of somebody, for an owner of the relay.
import { useCallback } from 'react'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { SessionRow } from '../../ui/session-row.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { usePages } from '../../ui/use-pages.ts'
import { PageList } from './page-list.tsx'

export function DeviceList({ userId }: { userId: string }) {
  const texts = useTexts()
  const { account, dates } = texts
  const { administration } = useServices()
  const load = useCallback(
    async () => ({ items: await administration.sessions(userId), next: null }),
    [administration, userId]
  )
  const pages = usePages(load)
  const acting = useAsking()
  return (
    <PageList pages={pages} none={texts.admin.never} problem={acting.error ?? pages.error}>
      {(session) => (
        <SessionRow
          key={session.deviceId}
          name={session.deviceName}
          about={[session.online ? account.onlineNow : account.lastUsed(dates.day(session.lastUsedAt))]}
          signOut={account.signOutDevice}
          signOutLabel={account.signOutDeviceLabel(session.deviceName)}
          onSignOut={() => acting.ask(async () => administration.endSession(userId, session.deviceId), pages.refresh)}
        />
      )}
    </PageList>
  )
}
