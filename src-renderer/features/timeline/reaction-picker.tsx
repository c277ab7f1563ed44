// Reacting with any emoji: the picker at the message. Loaded when it is first opened.
import type { TimelineItem } from '../../store/chat-store.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import type { MenuAnchor } from '../../ui/menu-place.ts'
import { later } from '../../ui/later.tsx'

const EmojiPopover = later(async () => (await import('../../emoji/emoji-popover.tsx')).EmojiPopover)

interface ReactionPickerProps {
  item: TimelineItem
  anchor: MenuAnchor
  onReact: (item: TimelineItem, emoji: string, set: boolean) => void
  onClose: () => void
}

/** Open as long as it is rendered. Gives the focus back to the message. */
export function ReactionPicker({ item, anchor, onReact, onClose }: ReactionPickerProps) {
  return (
    <ErrorBoundary fallback={null}>
      <EmojiPopover
        anchor={anchor}
        side="bottom"
        align={item.own ? 'end' : 'start'}
        onClose={onClose}
        finalFocus={() => document.querySelector<HTMLElement>(`[data-message="${CSS.escape(item.id)}"]`)}
        onPick={(emoji) => {
          onReact(item, emoji, true)
          onClose()
        }}
      />
    </ErrorBoundary>
  )
}
