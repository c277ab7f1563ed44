// The groups and open rooms in which somebody is too, as they were when the question was asked.
import { useEffect, useState } from 'react'
import { firstValueFrom } from 'rxjs'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'

export interface Shared {
  rooms: readonly RoomSummary[]
  /** Whether all rooms were looked at. */
  complete: boolean
}

const NOTHING_YET: Shared = { rooms: [], complete: false }

/** One room after the other, so that a thousand of them do not hold up the screen. Null: nobody is asked about. */
export function useSharedRooms(userId: string | null): Shared {
  const { queries } = useServices().store
  const [shared, setShared] = useState<{ userId: string; found: Shared }>()
  useEffect(() => {
    if (userId === null) return
    let asked = true
    const look = async () => {
      const rooms: RoomSummary[] = []
      for (const room of await firstValueFrom(queries.watchRooms())) {
        if (!asked) return
        if (!room.joined || (room.kind !== 'group' && room.kind !== 'open')) continue
        const members = await firstValueFrom(queries.watchMembers(room.id))
        if (!members.some((member) => member.userId === userId)) continue
        rooms.push(room)
        if (asked) setShared({ userId, found: { rooms: [...rooms], complete: false } })
      }
      if (asked) setShared({ userId, found: { rooms, complete: true } })
    }
    void look()
    return () => {
      asked = false
    }
  }, [queries, userId])
  return shared && shared.userId === userId ? shared.found : NOTHING_YET
}
