// The relays that the app is signed in to, beside what is in front: which one that is, what is unread in each and whether it is connected. Loaded where
// there are several.
import type { ReactNode } from 'react'
import { NEVER } from 'rxjs'
import { useNow } from '../../platform/use-now.ts'
import type { RelayInList, Relays, Services } from '../../services.ts'
import { UNREAD_CAP } from '../../store/chat-store.ts'
import { unreadIn } from '../../store/unread-in.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PicturesProvider } from '../../ui/pictures.tsx'
import { derivedColor } from '../../ui/sign-colors.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { lettersOfRelay, nameOfRelay, troubleOf } from './relay-words.ts'
import styles from './relay-strip.module.css'
import { useRelayKeys } from './use-relay-keys.ts'

/** A room that is muted for a time begins to count again. */
const CLOCK_EVERY_MS = 60_000
const SIGNS = { quiet: 'connecting', warning: 'offline', danger: 'warning' } as const
/** So many have a key. */
const MOST_KEYS = 9

export function RelayStrip({ relays }: { relays: Relays }) {
  const texts = useTexts()
  useRelayKeys(relays)
  return (
    <nav className={styles.strip} aria-label={texts.relays.title}>
      <ul className={styles.list}>
        {relays.list.map((relay, at) => (
          <li key={relay.relayId}>
            <RelayButton
              relay={relay}
              at={at}
              inFront={relay.relayId === relays.frontId}
              onClick={() => relays.bringToFront(relay.relayId)}
            />
          </li>
        ))}
      </ul>
      <IconButton icon="plus" label={texts.relays.add} onClick={() => relays.add()} />
    </nav>
  )
}

interface RelayButtonProps {
  relay: RelayInList
  /** Its place, from 0. */
  at: number
  inFront: boolean
  onClick: () => void
}

function RelayButton({ relay, at, inFront, onClick }: RelayButtonProps) {
  const texts = useTexts()
  const { relayId, relayUrl, services, state } = relay
  const rooms = useObservable(() => services?.store.queries.watchRooms() ?? NEVER, [services])
  const users = useObservable(() => services?.store.queries.watchUsers() ?? NEVER, [services])
  const status = useObservable(() => services?.status ?? NEVER, [services])
  const unread = unreadIn(rooms ?? [], useNow(CLOCK_EVERY_MS))
  const count = unread >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : String(unread)
  const own = users?.get(relay.me.userId)
  const me = { ...relay.me, ...own }
  const trouble = troubleOf(texts, services === null ? state : 'open', status)
  const name = nameOfRelay(relayUrl)
  const label = [
    texts.relays.label(name, me.displayName),
    ...(unread > 0 ? [texts.rooms.unread(count)] : []),
    ...(trouble ? [trouble.words] : [])
  ].join(', ')
  const keys = at < MOST_KEYS ? { 'aria-keyshortcuts': `Control+${at + 1} Meta+${at + 1}` } : {}
  return (
    <button
      type="button"
      className={styles.relay}
      aria-current={inFront ? 'true' : undefined}
      aria-label={label}
      title={label}
      onClick={onClick}
      {...keys}
    >
      <span className={styles.sign} style={{ backgroundColor: `var(--avatar-${derivedColor(relayId)})` }} aria-hidden>
        {lettersOfRelay(relayUrl)}
        <span className={styles.me}>
          <PicturesOf services={services}>
            <Avatar id={me.userId} name={me.displayName} color={me.color} picture={own?.avatar} size={20} />
          </PicturesOf>
        </span>
        {unread > 0 && <span className={styles.unread}>{count}</span>}
        {trouble && (
          <span className={styles.trouble} data-look={trouble.look}>
            <Icon name={SIGNS[trouble.look]} size={14} />
          </span>
        )}
      </span>
      <span className={styles.name} aria-hidden>
        {name}
      </span>
    </button>
  )
}

/** Each relay has its own. */
function PicturesOf({ services, children }: { services: Services | null; children: ReactNode }) {
  return services === null ? children : <PicturesProvider value={services.pictures}>{children}</PicturesProvider>
}
