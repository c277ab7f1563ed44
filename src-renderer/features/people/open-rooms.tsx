// The open rooms of the relay: to find, and to join with one click.
import { useDeferredValue, useState } from 'react'
import type { OpenRoom } from '../../../protocol/rest.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { RoomAvatar } from '../../ui/room-avatar.tsx'
import { TwoLines } from '../../ui/two-lines.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './directory.module.css'
import { useOpenRooms } from './use-open-rooms.ts'

export function OpenRooms({ onEntered }: { onEntered: () => void }) {
  const texts = useTexts()
  const { directory } = texts
  const { commands, queries } = useServices().store
  const mine = useObservable(() => queries.watchRooms(), [queries])
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  const { rooms, more, loading, problem, connected, loadMore } = useOpenRooms(wanted)
  const [refused, setRefused] = useState<unknown>()
  const joined = new Set(mine?.filter((room) => room.joined).map(({ id }) => id))
  const enter = (roomId: string) => {
    goToRoom(roomId)
    onEntered()
  }
  return (
    <>
      <TextField
        labelHidden
        label={directory.searchRooms}
        value={search}
        onValue={setSearch}
        type="search"
        autoComplete="off"
      />
      <output className={styles.quiet}>
        {!connected && directory.offline}
        {connected && rooms === null && loading && directory.loading}
        {rooms?.length === 0 && (wanted === '' ? directory.noRooms : directory.noRoomFound(wanted))}
      </output>
      <div role="alert">
        {connected && problem !== undefined && <p className={styles.problem}>{errorSentence(texts, problem)}</p>}
        {refused !== undefined && <p className={styles.problem}>{errorSentence(texts, refused)}</p>}
      </div>
      <ul aria-label={directory.openRooms}>
        {(rooms ?? []).map((room) => (
          <li key={room.id} className={styles.room}>
            <RoomAvatar room={room} title={room.name} size={40} />
            <About room={room} />
            {joined.has(room.id) ? (
              <Button small aria-label={directory.enterLabel(room.name)} onClick={() => enter(room.id)}>
                {directory.enter}
              </Button>
            ) : (
              <Button
                small
                look="primary"
                aria-label={directory.joinLabel(room.name)}
                onClick={() => {
                  commands.joinRoom(room.id).then(() => enter(room.id), setRefused)
                }}
              >
                {directory.join}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {more && (
        <Button small aria-disabled={loading} onClick={loadMore}>
          {directory.more}
        </Button>
      )}
    </>
  )
}

function About({ room }: { room: OpenRoom }) {
  const { members } = useTexts()
  return (
    <TwoLines name={room.name}>
      {members.count(room.memberCount)}
      {room.topic !== undefined && ` · ${room.topic}`}
    </TwoLines>
  )
}
