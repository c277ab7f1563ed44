// Tells others that the person is writing a message [S14.1], by what becomes of the field. An edit tells nobody: no new message is coming.
import { useCallback, useEffect } from 'react'
import { useServices } from '../../services-context.tsx'
import type { ComposerTarget } from './target.ts'

interface OwnTypingOptions {
  roomId: string
  target: ComposerTarget | null
  /** [S11.5] Who alone gets what is sent; null: everybody. */
  asideTo: readonly string[] | null
  /** Whether there is anybody to tell. */
  told: boolean
}

export interface OwnTyping {
  /** A key, a composition of an input method or a paste has changed the field: this is in it. */
  keyed: (text: string) => void
  /** Sent, or left. */
  ended: () => void
}

export function useOwnTyping({ roomId, target, asideTo, told }: OwnTypingOptions): OwnTyping {
  const { ownTyping } = useServices().live
  const edits = target?.kind === 'edit'
  const place = target?.item.roomId ?? roomId
  const ended = useCallback(() => ownTyping.ended(), [ownTyping])
  const keyed = useCallback(
    (text: string) => {
      if (!told || edits || text.trim() === '') ownTyping.ended()
      else ownTyping.keyed(place, place === roomId ? asideTo : null)
    },
    [ownTyping, told, edits, place, roomId, asideTo]
  )
  useEffect(() => {
    window.addEventListener('pagehide', ended)
    return () => {
      window.removeEventListener('pagehide', ended)
      ended()
    }
  }, [ended])
  return { keyed, ended }
}
