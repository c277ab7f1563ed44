// For how long a room is muted: a second menu where the first one was.
import { useServices } from '../../services-context.tsx'
import { MUTED_FOR_GOOD } from '../../store/chat-store.ts'
import type { RoomSummary } from '../../store/chat-store.ts'
import type { Texts } from '../../texts/texts.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MenuAnchor } from '../../ui/menu.tsx'
import { inHours, tomorrowMorning } from './mute-times.ts'

interface MuteMenuProps {
  room: RoomSummary
  anchor: MenuAnchor
  align: 'start' | 'end' | undefined
  onDone: () => void
  onProblem: (problem: unknown) => void
}

export function MuteMenu({ room, anchor, align, onDone, onProblem }: MuteMenuProps) {
  const { muting } = useTexts()
  const { commands } = useServices().store
  const choices: [words: string, until: (now: Date) => string][] = [
    [muting.hour, (now) => inHours(now, 1)],
    [muting.eightHours, (now) => inHours(now, 8)],
    [muting.tomorrow, tomorrowMorning],
    [muting.forGood, () => MUTED_FOR_GOOD]
  ]
  return (
    <Menu label={muting.title} anchor={anchor} {...(align === undefined ? {} : { align })} onClose={onDone}>
      {choices.map(([words, until]) => (
        <MenuItem
          key={words}
          icon="mute"
          onClick={() => {
            commands.setMuted(room.id, until(new Date())).catch(onProblem)
          }}
        >
          {words}
        </MenuItem>
      ))}
    </Menu>
  )
}

/** What ends the muting, and when it ends by itself. */
export function unmuteWords(texts: Texts, mutedUntil: string | null, now: number): string {
  if (mutedUntil === null || mutedUntil === MUTED_FOR_GOOD) return texts.room.unmute
  const isToday = new Date(mutedUntil).toDateString() === new Date(now).toDateString()
  return texts.muting.until(isToday ? texts.dates.time(mutedUntil) : texts.dates.short(mutedUntil, now))
}
