// The screen as a whole: sign-in, or the rooms and the open room beside each other. Knows no store and no network.
import { useEffect, useState } from 'react'
import styles from './app.module.css'
import { ConnectionLine } from './features/connection/connection-line.tsx'
import { Sidebar } from './features/rooms/sidebar.tsx'
import { SignIn } from './features/sign-in/sign-in.tsx'
import { useRoomRoute } from './platform/hash-route.ts'
import { RoomScreen } from './room-screen.tsx'
import { ServicesProvider, useServices } from './services-context.tsx'
import type { Accounts, Services } from './services.ts'
import { textsFor, TextsProvider, useTexts } from './texts/texts-context.tsx'
import './ui/base.css'
import { Button } from './ui/button.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'

/** What there is to show: the rooms of somebody, the door, or why neither can be. */
export type Screen =
  | { name: 'rooms'; services: Services }
  | { name: 'sign-in'; accounts: Accounts }
  | { name: 'broken'; reason: 'own-data-unreadable' | 'unknown' }

/** The root component. Another person's services make everything anew. */
export function App({ screen }: { screen: Screen }) {
  const [texts] = useState(() => textsFor(navigator.languages))
  useEffect(() => {
    document.documentElement.lang = texts.locale
    document.title = texts.productName
  }, [texts])
  return (
    <TextsProvider texts={texts}>
      <ErrorBoundary fallback={<BrokenScreen words={texts.brokenScreen} />}>
        <Shown screen={screen} />
      </ErrorBoundary>
    </TextsProvider>
  )
}

function Shown({ screen }: { screen: Screen }) {
  const { brokenStart, ownDataUnreadable } = useTexts()
  switch (screen.name) {
    case 'rooms': {
      const { services } = screen
      return (
        <ServicesProvider key={`${services.relayUrl} ${services.me.userId}`} services={services}>
          <Rooms />
        </ServicesProvider>
      )
    }
    case 'sign-in':
      return <SignIn accounts={screen.accounts} />
    case 'broken':
      return <BrokenScreen words={screen.reason === 'unknown' ? brokenStart : ownDataUnreadable} />
  }
}

function Rooms() {
  const roomId = useRoomRoute()
  const services = useServices()
  useEffect(() => services.openRoom(roomId), [services, roomId])
  return (
    <div className={styles.app} data-room-open={roomId !== null}>
      <aside className={styles.sidebar}>
        <Sidebar currentRoomId={roomId} connection={<ConnectionLine />} />
      </aside>
      <main className={styles.main}>
        <RoomScreen key={roomId} roomId={roomId} />
      </main>
    </div>
  )
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
