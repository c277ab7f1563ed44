// Where one can go or send something: the rooms that one is in, then everybody with whom there is no room yet.
import { useMemo } from 'react'
import type { UserRecord } from '../../protocol/records.ts'
import { signsOf } from '../search/hangul.ts'
import { useServices } from '../services-context.tsx'
import type { ChatCommands, RoomSummary } from '../store/chat-store.ts'
import { roomTitle } from '../texts/room-title.ts'
import { useTexts } from '../texts/texts-context.tsx'
import { useObservable } from '../ui/use-observable.ts'
import type { Findable } from './found.ts'

/** `room` null: somebody with whom there is no room yet, or oneself while there are no notes. The id is the room's, or the person's. */
export interface Destination extends Findable {
  title: string
  /** Quieter words behind the title. */
  quiet: string
  room: RoomSummary | null
  /** Whose sign it carries. */
  person: UserRecord | undefined
}

/** @param withSelf oneself too, while one has no notes to self yet */
export function useDestinations({ withSelf }: { withSelf: boolean }): readonly Destination[] {
  const texts = useTexts()
  const { me, store } = useServices()
  const { queries } = store
  const rooms = useObservable(() => queries.watchRooms(), [queries])
  const people = useObservable(() => queries.watchPeople(), [queries])
  return useMemo(() => {
    const users = new Map((people ?? []).map(({ user }) => [user.id, user]))
    const joined = (rooms ?? []).filter((room) => room.joined)
    const met = new Set(joined.map(({ withUserId }) => withUserId))
    const toRoom = (room: RoomSummary): Destination => {
      const title = roomTitle(texts, room)
      const other = room.withUserId === undefined ? undefined : users.get(room.withUserId)
      const person = room.kind === 'notes' ? users.get(me.userId) : other
      const quiet = other?.username ?? room.topic ?? ''
      const words = [title, ...(other ? [other.username] : [])].map(signsOf)
      return { id: room.id, words, title, quiet, room, person }
    }
    const toPerson = (person: UserRecord, title = person.displayName): Destination => {
      const { id, username: quiet } = person
      return { id, words: [title, quiet].map(signsOf), title, quiet, room: null, person }
    }
    const others = (people ?? [])
      .filter(({ user, self, blocked }) => !self && !blocked && !met.has(user.id))
      .map(({ user }) => user)
    const self = users.get(me.userId)
    const notes = withSelf && self && !joined.some(({ kind }) => kind === 'notes')
    const collator = new Intl.Collator(texts.locale, { numeric: true })
    return [
      ...joined.map(toRoom),
      ...(notes ? [toPerson(self, texts.roomList.notes)] : []),
      ...others.toSorted((a, b) => collator.compare(a.displayName, b.displayName)).map((each) => toPerson(each))
    ]
  }, [rooms, people, texts, me.userId, withSelf])
}

/** Resolves with the id of its room, made if there is none yet; works without the network. */
export async function openDestination(
  commands: Pick<ChatCommands, 'openDirect' | 'openNotes'>,
  myId: string,
  { id, room }: Pick<Destination, 'id' | 'room'>
): Promise<string> {
  if (room) return room.id
  return id === myId ? commands.openNotes() : commands.openDirect(id)
}
