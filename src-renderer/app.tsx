// The screen as a whole: sign-in, or the rooms and the open room beside each other. Knows no store and no network.
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import styles from './app.module.css'
import { ConnectionLine } from './features/connection/connection-line.tsx'
import { HistoryLine } from './features/connection/history-line.tsx'
import { RebuiltNote } from './features/connection/rebuilt-note.tsx'
import { UnreadTitle } from './features/notifications/unread-title.tsx'
import { Sidebar } from './features/rooms/sidebar.tsx'
import { LanguageChoice } from './features/settings/language-choice.tsx'
import { useSettingsKey } from './features/settings/use-settings-key.ts'
import { Shortcuts } from './features/switcher/shortcuts.tsx'
import { useRoomShown } from './features/timeline/use-room-shown.ts'
import type { RoomShown } from './features/timeline/use-room-shown.ts'
import { desktopBridge } from './platform/bridge.ts'
import { goBackToList, goToOwnerPage, goToRoom, isOwnerPage, useHash, useRoomRoute } from './platform/hash-route.ts'
import { codeOfHash } from './platform/invite-link.ts'
import { linkProblem } from './platform/link-problem.ts'
import { PreferencesProvider, usePreferences } from './platform/preferences-context.tsx'
import { PeopleLayer } from './people-layer.tsx'
import { PlainHttpNote } from './offline/plain-http-note.tsx'
import { NextRoom, RoomScreens } from './room-screens.tsx'
import { RelaysProvider, ServicesProvider, useServices } from './services-context.tsx'
import type { Accounts, Relays, Rescue, Services } from './services.ts'
import type { ChatStore } from './store/chat-store.ts'
import { report } from './report.ts'
import { TextsProvider, useTexts, useTextsFor } from './texts/texts-context.tsx'
import './ui/base.css'
import { Button } from './ui/button.tsx'
import { later, laterInPlace, laterUnasked } from './ui/later.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { useObservable } from './ui/use-observable.ts'

const FirstRun = laterInPlace(async () => (await import('./features/first-run/first-run.tsx')).FirstRun)
const ResetPassword = laterInPlace(async () => (await import('./features/first-run/reset-password.tsx')).ResetPassword)
const FirstRoom = laterInPlace(async () => (await import('./features/rooms/first-room.tsx')).FirstRoom)
const DirectoryDialog = later(async () => (await import('./features/people/directory-dialog.tsx')).DirectoryDialog)
const SettingsDialog = later(async () => (await import('./features/settings/settings-dialog.tsx')).SettingsDialog)
const NoteDialog = later(async () => (await import('./ui/note-dialog.tsx')).NoteDialog)
const AccountDialog = later(async () => (await import('./features/account/account-dialog.tsx')).AccountDialog)
const InviteDialog = later(async () => (await import('./features/relay/invite-dialog.tsx')).InviteDialog)
const AcceptInviteDialog = later(
  async () => (await import('./features/relay/accept-invite-dialog.tsx')).AcceptInviteDialog
)
const HostDialog = later(async () => (await import('./features/relay/host-dialog.tsx')).HostDialog)
const OwnerPage = later(async () => (await import('./features/relay/owner-page.tsx')).OwnerPage)
const UpdateNote = laterUnasked(async () => (await import('./features/settings/update-note.tsx')).UpdateNote)
const RelayStrip = laterUnasked(async () => (await import('./features/relays/relay-strip.tsx')).RelayStrip)
const RescueScreen = laterInPlace(async () => (await import('./rescue-screen.tsx')).RescueScreen)

/** What there is to show: the rooms of somebody, the door, or why neither can be. */
export type Screen =
  /** `first`: the room that is drawn first, as far as it is known. */
  | { name: 'rooms'; services: Services; first?: RoomShown | undefined }
  /** `onBack`: to the rooms of the relays that one is signed in to. */
  | { name: 'sign-in'; accounts: Accounts; onBack?: () => void }
  /** What is stored is not there yet. */
  | { name: 'opening' }
  /** … and should be. */
  | { name: 'slow' }
  | { name: 'unreadable'; rescue: Rescue }
  | { name: 'broken' }

/**
 * The root component. Another person's services make everything anew.
 * @param relays null in a browser
 */
export function App({ screen, relays = null }: { screen: Screen; relays?: Relays | null }) {
  const several = relays !== null && relays.list.length > 1
  return (
    <PreferencesProvider>
      <Spoken>
        <RelaysProvider value={relays}>
          <UnreadTitle stores={useStores(screen, relays)} />
          <div className={several ? styles.relays : styles.relay}>
            {several && <RelayStrip relays={relays} />}
            <div className={styles.front}>
              <Shown screen={screen} />
            </div>
          </div>
          <LinkProblemNote />
        </RelaysProvider>
      </Spoken>
    </PreferencesProvider>
  )
}

/** All that is counted in the title: of the relays that are not in front, too. */
function useStores(screen: Screen, relays: Relays | null): readonly ChatStore[] {
  return useMemo(() => {
    if (relays !== null) return relays.list.flatMap(({ services }) => services?.store ?? [])
    return screen.name === 'rooms' ? [screen.services.store] : []
  }, [screen, relays])
}

/** Everything in the language of the person: as set on this device, else as the system says. */
function Spoken({ children }: { children: ReactNode }) {
  const { language } = usePreferences().preferences
  const texts = useTextsFor(language === 'system' ? navigator.languages : [language], report)
  // Before what is within says how much is unread.
  useLayoutEffect(() => {
    document.documentElement.lang = texts.locale
    document.title = texts.productName
  }, [texts])
  return (
    <TextsProvider texts={texts}>
      <ErrorBoundary fallback={<BrokenScreen words={texts.brokenScreen} />}>{children}</ErrorBoundary>
    </TextsProvider>
  )
}

/** Over whatever is on the screen: a link of another program that led nowhere. */
function LinkProblemNote() {
  const { close, openedLink } = useTexts()
  const problem = useObservable(() => linkProblem, [])
  if (!problem) return null
  const words = 'relay' in problem ? openedLink.to[problem.name](problem.relay) : openedLink.notUnderstood
  return <NoteDialog closeLabel={close} onClose={() => linkProblem.next(null)} title={openedLink.title} words={words} />
}

function Shown({ screen }: { screen: Screen }) {
  const { brokenStart, cancel, slowStart } = useTexts()
  const brought = codeOfHash(useHash())
  /** Another invite makes the door anew; that it has left the address does not. */
  const [invite, setInvite] = useState('')
  if (brought?.kind === 'join' && brought.code !== invite) setInvite(brought.code)
  /** Somebody has made an account here just now, and may want a first room. */
  const [newcomer, setNewcomer] = useState(false)
  const settled = useCallback(() => setNewcomer(false), [])
  switch (screen.name) {
    case 'rooms': {
      const { services, first } = screen
      return (
        <ServicesProvider key={`${services.relayUrl} ${services.me.userId}`} services={services}>
          <PeopleLayer>
            <Rooms newcomer={newcomer} onSettled={settled} first={first} />
          </PeopleLayer>
        </ServicesProvider>
      )
    }
    case 'sign-in': {
      const { accounts, onBack } = screen
      if (brought?.kind === 'reset' && accounts.ownRelay) {
        const { username, code } = brought
        const relayUrl = accounts.ownRelay.url
        return <ResetPassword {...{ accounts, relayUrl, username, code }} corner={<LanguageChoice />} />
      }
      return (
        <FirstRun
          key={`${invite} ${accounts.returning?.relayUrl ?? ''}`}
          accounts={accounts}
          corner={
            <>
              <LanguageChoice />
              {onBack && <Button onClick={onBack}>{cancel}</Button>}
            </>
          }
          onSignedUp={() => setNewcomer(true)}
        />
      )
    }
    case 'unreadable':
      return <RescueScreen rescue={screen.rescue} corner={<LanguageChoice />} />
    case 'opening':
      return null
    case 'slow':
      return <BrokenScreen words={slowStart} />
    case 'broken':
      return <BrokenScreen words={brokenStart} />
  }
}

interface RoomsProps {
  newcomer: boolean
  onSettled: () => void
}

function Rooms({ first, ...props }: RoomsProps & { first: RoomShown | undefined }) {
  const { front, next } = useRoomShown(useRoomRoute(), first)
  return (
    <NextRoom value={next}>
      <RoomsBeside {...props} {...front} />
    </NextRoom>
  )
}

/** What is pressed or chosen while another room is shown draws nothing of this anew. */
const RoomsBeside = memo(function RoomsBeside({ newcomer, onSettled, roomId, place }: RoomsProps & RoomShown) {
  const texts = useTexts()
  const services = useServices()
  const { queries } = services.store
  const rooms = useObservable(() => queries.watchRooms(), [queries])
  useEffect(() => services.openRoom(roomId), [services, roomId])
  const [dialog, setDialog] = useState<'settings' | 'account' | 'invite' | 'directory' | 'host' | null>(null)
  const openSettings = useCallback(() => setDialog('settings'), [])
  const closeDialog = () => setDialog(null)
  const host = desktopBridge()?.host
  const hash = useHash()
  const brought = codeOfHash(hash)
  const ownerPage = services.me.isOwner && isOwnerPage(hash)
  const hasUpdates = desktopBridge()?.updates !== undefined
  const onInvite = services.me.isOwner ? () => setDialog('invite') : undefined
  useSettingsKey(openSettings)
  if (newcomer && roomId === null && rooms?.length === 0) {
    return (
      <>
        <FirstRoom corner={<LanguageChoice />} onDone={onSettled} onInvite={onInvite} />
        {dialog === 'invite' && <InviteDialog onClose={closeDialog} />}
      </>
    )
  }
  return (
    <div className={styles.app} data-room-open={roomId !== null || ownerPage}>
      <aside className={styles.sidebar}>
        <Sidebar
          currentRoomId={roomId}
          connection={
            <>
              <PlainHttpNote />
              {hasUpdates && <UpdateNote />}
              <RebuiltNote />
              <HistoryLine />
              <ConnectionLine />
            </>
          }
          onSettings={openSettings}
          onDirectory={() => setDialog('directory')}
          onInvite={onInvite}
        />
      </aside>
      <main className={styles.main}>
        {ownerPage ? <OwnerPage onClose={goBackToList} /> : <RoomScreens roomId={roomId} place={place} />}
      </main>
      <Shortcuts currentRoomId={roomId} />
      {dialog === 'directory' && <DirectoryDialog onClose={closeDialog} />}
      {dialog === 'settings' && (
        <SettingsDialog
          onClose={closeDialog}
          onAccount={() => setDialog('account')}
          onHost={host && (() => setDialog('host'))}
          onOwnerPage={
            services.me.isOwner
              ? () => {
                  closeDialog()
                  goToOwnerPage()
                }
              : undefined
          }
        />
      )}
      {dialog === 'host' && host && <HostDialog host={host} onClose={closeDialog} />}
      {dialog === 'account' && <AccountDialog onClose={closeDialog} />}
      {dialog === 'invite' && <InviteDialog onClose={closeDialog} />}
      {brought?.kind === 'join' && isHere(brought.relayUrl, services.relayUrl) && (
        <AcceptInviteDialog
          key={brought.code}
          code={brought.code}
          fingerprint={brought.fingerprint}
          onClose={() => goToRoom(null)}
        />
      )}
      {brought?.kind === 'join' && !isHere(brought.relayUrl, services.relayUrl) && (
        <NoteDialog
          closeLabel={texts.close}
          onClose={() => goToRoom(null)}
          title={texts.joining.title}
          words={texts.joining.elsewhere(brought.relayUrl ?? '')}
        />
      )}
      {brought?.kind === 'reset' && (
        <NoteDialog
          closeLabel={texts.close}
          onClose={() => goToRoom(null)}
          title={texts.resetting.title}
          words={texts.resetting.signOutFirst}
        />
      )}
    </div>
  )
})

function isHere(relayUrl: string | undefined, ownUrl: string): boolean {
  return relayUrl === undefined || relayUrl === new URL(ownUrl).origin
}

function BrokenScreen({ words }: { words: string }) {
  const texts = useTexts()
  return (
    <main className={styles.broken} role="alert">
      <p>{words}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        {texts.reload}
      </Button>
    </main>
  )
}
