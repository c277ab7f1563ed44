// Hands down the way to speak to a few alone, which belongs to another feature than the message that one wants to say something about.
import { createContext, use } from 'react'

type SpeakAside = (userIds: readonly string[]) => void

const SpeakAsideContext = createContext<SpeakAside | null>(null)

export const SpeakAsideProvider = SpeakAsideContext.Provider

/** Null where one cannot: in rooms of one or two, and where one may not write. */
export function useSpeakAside(): SpeakAside | null {
  return use(SpeakAsideContext)
}
