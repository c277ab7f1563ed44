// Everybody of the relay but the person, as lists show them.
import { useMemo } from 'react'
import { useServices } from '../../services-context.tsx'
import { listPeople } from '../../texts/people.ts'
import type { ListedPerson } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'

/** By name; null until the device has told. */
export function useOtherPeople(): readonly ListedPerson[] | null {
  const { locale } = useTexts()
  const { queries } = useServices().store
  const people = useObservable(() => queries.watchPeople(), [queries])
  return useMemo(() => {
    if (!people) return null
    const others = people.filter(({ self }) => !self).map(({ user }) => user)
    return listPeople(others, new Set(), locale)
  }, [people, locale])
}
