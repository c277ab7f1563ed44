// Hands people's cards down to all features, which do not know each other.
import type { ReactNode } from 'react'
import { PersonCardProvider } from './platform/person-card.tsx'
import type { CloseCard } from './platform/person-card.tsx'
import { later } from './ui/later.tsx'

const PersonCard = later(async () => (await import('./features/people/person-card.tsx')).PersonCard)

const cardOf = (userId: string, onClose: CloseCard) => <PersonCard key={userId} userId={userId} onClose={onClose} />

export function PeopleLayer({ children }: { children: ReactNode }) {
  return <PersonCardProvider value={cardOf}>{children}</PersonCardProvider>
}
