// Going to a room or a person by a few letters of the name. Loaded when it is first opened.
import { useDeferredValue, useId, useMemo, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { signsOf } from '../../search/hangul.ts'
import { useServices } from '../../services-context.tsx'
import { UNREAD_CAP } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import type { UserRecord } from '../../../protocol/records.ts'
import { errorSentence } from '../../texts/errors.ts'
import { roomTitle } from '../../texts/room-title.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { comboboxProps, Listbox, Option, stepInList } from '../../ui/listbox.tsx'
import { RoomAvatar } from '../../ui/room-avatar.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { found } from './found.ts'
import type { Reachable } from './found.ts'
import styles from './switcher.module.css'

interface SwitcherProps {
  currentRoomId: string | null
  /** Ids of the rooms that were open, the latest first. */
  visited: readonly string[]
  onClose: () => void
}

/** `room` null: somebody with whom there is no room yet. */
interface Row {
  id: string
  title: string
  quiet: string
  room: RoomSummary | null
  person: UserRecord | undefined
}

export function Switcher({ currentRoomId, visited, onClose }: SwitcherProps) {
  const texts = useTexts()
  const { store } = useServices()
  const rows = useReachable()
  const id = useId()
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query)
  const [active, setActive] = useState(0)
  const [problem, setProblem] = useState<unknown>()
  const shown = useMemo(
    () => found(rows, sought, { visited, currentId: currentRoomId }),
    [rows, sought, visited, currentRoomId]
  )

  const open = (row: Row | undefined) => {
    if (!row) return
    if (row.room) {
      goToRoom(row.room.id)
      onClose()
      return
    }
    store.commands.openDirect(row.id).then((roomId) => {
      goToRoom(roomId)
      onClose()
    }, setProblem)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      open(shown[active])
      return
    }
    const to = stepInList(active, shown.length, event.key)
    if (to === null) return
    event.preventDefault()
    setActive(to)
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <Dialog title={texts.switcher.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.switcher}>
        <TextField
          labelHidden
          label={texts.switcher.search}
          value={query}
          onValue={(value) => {
            setQuery(value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          autoComplete="off"
          {...comboboxProps(id, true, shown.length === 0 ? null : active)}
        />
        <Listbox id={id} label={texts.switcher.title} className={styles.list}>
          {shown.map((row, index) => (
            <Option
              key={row.id}
              id={`${id}-${index}`}
              className={styles.row}
              selected={index === active}
              onPointerMove={() => {
                if (index !== active) setActive(index)
              }}
              onClick={() => open(row)}
            >
              <RoomAvatar room={row.room ?? { id: row.id }} title={row.title} person={row.person} size={32} />
              <span className={styles.title} data-unread={(row.room?.unread ?? 0) > 0}>
                {row.title}
              </span>
              <span className={styles.quiet}>{row.quiet}</span>
              {row.room && row.room.unread > 0 && <Unread count={row.room.unread} />}
            </Option>
          ))}
        </Listbox>
        <output className={styles.note}>
          {sought.trim() !== '' && shown.length === 0
            ? texts.switcher.nothingFound(sought.trim())
            : texts.switcher.hint}
        </output>
        <div role="alert">{problem !== undefined && <p>{errorSentence(texts, problem)}</p>}</div>
      </div>
    </Dialog>
  )
}

function Unread({ count }: { count: number }) {
  const texts = useTexts()
  const words = count >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : String(count)
  return (
    <>
      <span className={styles.unread} aria-hidden>
        {words}
      </span>
      <VisuallyHidden>{texts.switcher.unread(words)}</VisuallyHidden>
    </>
  )
}

/** All rooms that one is in, then everybody with whom there is no room yet. */
function useReachable(): readonly Reachable<Row>[] {
  const texts = useTexts()
  const { me, store } = useServices()
  const { queries } = store
  const rooms = useObservable(() => queries.watchRooms(), [queries])
  const people = useObservable(() => queries.watchPeople(), [queries])
  return useMemo(() => {
    const users = new Map((people ?? []).map(({ user }) => [user.id, user]))
    const joined = (rooms ?? []).filter((room) => room.joined)
    const met = new Set(joined.map(({ withUserId }) => withUserId))
    const toRoom = (room: RoomSummary): Reachable<Row> => {
      const title = roomTitle(texts, room)
      const other = room.withUserId === undefined ? undefined : users.get(room.withUserId)
      const person = room.kind === 'notes' ? users.get(me.userId) : other
      const quiet = other?.username ?? room.topic ?? ''
      const words = [title, ...(other ? [other.username] : [])].map(signsOf)
      return { id: room.id, words, row: { id: room.id, title, quiet, room, person } }
    }
    const toPerson = (person: UserRecord): Reachable<Row> => {
      const { id, displayName: title, username: quiet } = person
      return { id, words: [title, quiet].map(signsOf), row: { id, title, quiet, room: null, person } }
    }
    const others = (people ?? [])
      .filter(({ user, self, blocked }) => !self && !blocked && !met.has(user.id))
      .map(({ user }) => user)
    const collator = new Intl.Collator(texts.locale, { numeric: true })
    return [
      ...joined.map(toRoom),
      ...others.toSorted((a, b) => collator.compare(a.displayName, b.displayName)).map(toPerson)
    ]
  }, [rooms, people, texts, me.userId])
}
