// Who can be mentioned in a room, and who is in a text. Knows no field.
import { useCallback, useMemo, useRef } from 'react'
import { useServices } from '../../services-context.tsx'
import { listPeople } from '../../texts/people.ts'
import type { ListedPerson } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { mentionsIn } from './mentions.ts'

interface People {
  /** The room's other members, by name. */
  people: readonly ListedPerson[]
  /** This one was chosen, where others have the same name. */
  noteMention: (person: ListedPerson) => void
  /** Ids of the members whose `@name` stands in the text. */
  mentionsIn: (text: string) => readonly string[]
}

export function usePeople(roomId: string): People {
  const { locale } = useTexts()
  const { me, store } = useServices()
  const { queries } = store
  const members = useObservable(() => queries.watchMembers(roomId), [queries, roomId])
  const users = useObservable(() => queries.watchUsers(), [queries])
  const people = useMemo(() => {
    const known = (members ?? []).flatMap(({ userId }) => users?.get(userId) ?? [])
    return listPeople(known, new Set([me.userId]), locale)
  }, [members, users, me.userId, locale])
  const picked = useRef(new Map<string, string>())
  const noteMention = useCallback(({ id, name }: ListedPerson) => {
    picked.current.set(name.normalize('NFC'), id)
  }, [])
  const found = useCallback((text: string) => mentionsIn(text, people, picked.current), [people])
  return { people, noteMention, mentionsIn: found }
}
