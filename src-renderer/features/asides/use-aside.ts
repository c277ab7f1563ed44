// To whom alone one speaks in a room [S11.5], as long as one has not gone back to everybody. Outlives the room's screen together with what is unsent.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { loadAsideChoice, saveAsideChoice } from '../../platform/aside-choice.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'

export interface Aside {
  /** Whether there is anybody to be left out: in groups and open rooms. */
  possible: boolean
  /** Null: to everybody. */
  userIds: readonly string[] | null
  speakTo: (userIds: readonly string[]) => void
  leave: () => void
}

/** One room per mounted component. */
export function useAside(room: RoomSummary): Aside {
  const { me, store } = useServices()
  const { queries } = store
  const { userId } = me
  const roomId = room.id
  const whose = useMemo(() => ({ userId, roomId }), [userId, roomId])
  const possible = (room.kind === 'group' || room.kind === 'open') && room.may.write
  const [userIds, setUserIds] = useState(() => loadAsideChoice(window.localStorage, whose))

  const speakTo = useCallback(
    (chosen: readonly string[]) => {
      const next = chosen.length === 0 ? null : chosen
      saveAsideChoice(window.localStorage, whose, next)
      setUserIds(next)
    },
    [whose]
  )
  const leave = useCallback(() => speakTo([]), [speakTo])

  // With nothing left unsaid one begins with everybody again.
  useEffect(() => {
    let mounted = true
    const forget = async () => {
      const draft = await queries.loadDraft(room.id)
      if (mounted && draft.trim() === '') leave()
    }
    if (loadAsideChoice(window.localStorage, whose)) void forget()
    return () => {
      mounted = false
    }
  }, [queries, room.id, whose, leave])

  return { possible, userIds: possible ? userIds : null, speakTo, leave }
}
