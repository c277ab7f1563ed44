// The way to somebody's card, which belongs to another feature than whoever names the person. The composition root hands it down.
import { createContext, use, useCallback, useState } from 'react'
import type { ReactNode } from 'react'

/** `left`: the card has led to a room. */
export type CloseCard = (how?: 'left') => void
type CardOf = (userId: string, onClose: CloseCard) => ReactNode

const CardContext = createContext<CardOf | null>(null)

export const PersonCardProvider = CardContext.Provider

/** The card itself. Throws outside of `PersonCardProvider`. */
export function usePersonCardOf(): CardOf {
  const cardOf = use(CardContext)
  if (!cardOf) throw new Error('a card needs a PersonCardProvider above it')
  return cardOf
}

/**
 * Somebody's card when it is asked for. `card` is to be drawn where it was asked for: within a dialog, so that one closes after the other.
 * @param onLeft the card has led to a room
 */
export function usePersonCard(onLeft?: () => void): { open: (userId: string) => void; card: ReactNode } {
  const cardOf = usePersonCardOf()
  const [userId, setUserId] = useState<string | null>(null)
  const open = useCallback((id: string) => setUserId(id), [])
  const close: CloseCard = (how) => {
    setUserId(null)
    if (how === 'left') onLeft?.()
  }
  return { open, card: userId === null ? null : cardOf(userId, close) }
}
