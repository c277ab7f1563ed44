// The keys that work wherever one is, and what they open. Small: what they open is loaded when it opens.
import { useEffect, useRef, useState } from 'react'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import type { RoomSummary } from '../../store/chat-store.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { later } from '../../ui/later.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { steppedRoom } from './stepped-room.ts'
import { actOf } from './keys.ts'
import type { KeyAct } from './keys.ts'

const Switcher = later(async () => (await import('./switcher.tsx')).Switcher)
const ShortcutSheet = later(async () => (await import('./shortcut-sheet.tsx')).ShortcutSheet)

const MOST_VISITED = 30
/** What lies over the rooms and has keys of its own. */
const OVER = '[role="dialog"], [role="alertdialog"], [role="menu"]'

const isUnread = ({ unread, unreadFrom }: RoomSummary) => unread > 0 || unreadFrom !== null

export function Shortcuts({ currentRoomId }: { currentRoomId: string | null }) {
  const { queries, commands } = useServices().store
  const rooms = useObservable(() => queries.watchRooms(), [queries])
  const [open, setOpen] = useState<'switcher' | 'sheet' | null>(null)
  const visited = useVisited(currentRoomId)

  const latest = useRef<(act: KeyAct) => void>(() => undefined)
  /** Whether what lies over the rooms is ours: then the key that opened it closes it. */
  const isOwn = useRef(false)
  useEffect(() => {
    isOwn.current = open !== null
  }, [open])
  useEffect(() => {
    const joined = (rooms ?? []).filter((room) => room.joined)
    const go = (step: 1 | -1, fits: (room: RoomSummary) => boolean) => {
      const room = steppedRoom(joined, currentRoomId, step, fits)
      if (room) goToRoom(room.id)
    }
    const markRead = (room: RoomSummary | undefined) => {
      const seq = room?.last?.seq ?? null
      // What could not be stored is still unread, and shows it.
      if (room && seq !== null) commands.markRead(room.id, seq).catch(() => undefined)
    }
    latest.current = (act) => {
      switch (act) {
        case 'switcher':
        case 'sheet':
          setOpen((before) => (before === act ? null : act))
          return
        case 'room-up':
        case 'room-down':
          go(act === 'room-up' ? -1 : 1, () => true)
          return
        case 'unread-up':
        case 'unread-down':
          go(act === 'unread-up' ? -1 : 1, isUnread)
          return
        case 'mark-read':
          markRead(joined.find(({ id }) => id === currentRoomId))
          goToEnd()
          return
        case 'mark-all-read':
          for (const room of joined.filter(isUnread)) markRead(room)
      }
    }
  }, [rooms, currentRoomId, commands])

  useEffect(() => {
    let isOver = false
    // Before anybody else has heard the key and closed what lies over the rooms.
    const before = () => {
      isOver = document.querySelector(OVER) !== null
    }
    const listen = (event: KeyboardEvent) => {
      const act = event.defaultPrevented ? null : actOf(event)
      if (act === null || (isOver && !(isOwn.current && opens(act)))) return
      // Esc in a search field is about what is sought.
      if (act === 'mark-read' && event.target instanceof HTMLInputElement) return
      event.preventDefault()
      latest.current(act)
    }
    window.addEventListener('keydown', before, { capture: true })
    window.addEventListener('keydown', listen)
    return () => {
      window.removeEventListener('keydown', before, { capture: true })
      window.removeEventListener('keydown', listen)
    }
  }, [])

  const close = () => setOpen(null)
  return (
    <ErrorBoundary key={open} fallback={null}>
      {open === 'switcher' && <Switcher currentRoomId={currentRoomId} visited={visited} onClose={close} />}
      {open === 'sheet' && <ShortcutSheet onClose={close} />}
    </ErrorBoundary>
  )
}

function opens(act: KeyAct): boolean {
  return act === 'switcher' || act === 'sheet'
}

/** The open room's timeline takes End, wherever the focus is. */
function goToEnd(): void {
  document.querySelector('[role="log"]')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }))
}

function useVisited(currentRoomId: string | null): readonly string[] {
  const [visited, setVisited] = useState<readonly string[]>([])
  if (currentRoomId !== null && visited[0] !== currentRoomId) {
    setVisited([currentRoomId, ...visited.filter((id) => id !== currentRoomId)].slice(0, MOST_VISITED))
  }
  return visited
}
