// What can be done with one message, and the question before it is deleted for everybody.
import { useRef, useState } from 'react'
import { copyText } from '../../platform/copy-text.ts'
import { linkToMessage } from '../../platform/hash-route.ts'
import { useMessageActs } from '../../platform/message-acts.tsx'
import { useSpeakAside } from '../../platform/speak-aside.tsx'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem, MenuLine, MenuRow, MenuRowItem, MenuSign } from '../../ui/menu.tsx'
import type { MenuAnchor } from '../../ui/menu-place.ts'
import { QUICK_REACTIONS } from './reactions.tsx'
import { useReadNumber } from './read-number-source.tsx'
import { hasEdits } from './row-actions.ts'

export interface OpenMenu {
  item: TimelineItem
  anchor: MenuAnchor
  part: 'all' | 'reactions'
}

interface MessageMenuProps extends OpenMenu {
  /** Whether one is in the room: who is not can copy, and do nothing else. */
  joined: boolean
  onClose: () => void
  onReply: (item: TimelineItem) => void
  onEdit: (item: TimelineItem) => void
  onDelete: (item: TimelineItem) => void
  onReact: (item: TimelineItem, emoji: string, set: boolean) => void
  /** Any other emoji is asked for. */
  onMoreReactions: (item: TimelineItem, anchor: MenuAnchor) => void
  onMarkUnread: (item: TimelineItem) => void
  /** Asks which day to go to, beginning with the message's. */
  onGoToDay: (item: TimelineItem) => void
  /** Shows who has read it. */
  onReaders: (item: TimelineItem) => void
}

interface RestProps extends MessageMenuProps {
  /** Speaks to the author alone; null where that cannot be [S11.5]. */
  onAside: ((item: TimelineItem) => void) | null
}

export function MessageMenu(props: MessageMenuProps) {
  const { emoji: emojiTexts, timeline } = useTexts()
  const { item, anchor, part, joined, onClose, onReply, onEdit } = props
  const speakAside = useSpeakAside()
  /** What is chosen leads to the field or the picker, which takes the focus. */
  const writes = useRef(false)
  const toField = (act: (item: TimelineItem) => void) => (chosen: TimelineItem) => {
    writes.current = true
    act(chosen)
  }
  const ownReactions = new Set(item.reactions?.filter(({ own }) => own).map(({ emoji }) => emoji))
  return (
    <Menu
      label={timeline.tools}
      anchor={anchor}
      align={item.own ? 'end' : 'start'}
      onClose={onClose}
      givesFocusBack={() => !writes.current}
    >
      {joined && (
        <MenuRow>
          {QUICK_REACTIONS.map((emoji) => (
            <MenuSign
              key={emoji}
              label={timeline.reactWith(emoji)}
              pressed={ownReactions.has(emoji)}
              onClick={() => props.onReact(item, emoji, !ownReactions.has(emoji))}
            >
              {emoji}
            </MenuSign>
          ))}
          <MenuRowItem
            icon="plus"
            label={emojiTexts.open}
            onClick={() => {
              writes.current = true
              props.onMoreReactions(item, anchor)
            }}
          />
        </MenuRow>
      )}
      {part === 'all' && (
        <Rest
          {...props}
          onReply={toField(onReply)}
          onEdit={toField(onEdit)}
          onAside={speakAside && toField(({ authorId }) => speakAside([authorId]))}
        />
      )}
    </Menu>
  )
}

function Rest({ item, joined, onReply, onEdit, onDelete, onMarkUnread, onGoToDay, onReaders, onAside }: RestProps) {
  const { asides, forward, readers, timeline } = useTexts()
  const { relayUrl } = useServices()
  const asksReaders = useReadNumber(item) != null
  const { roomId, seq } = item
  const acts = useMessageActs()
  const isPinned = acts?.pins.includes(item.id) === true
  const link = seq !== null && !item.aside && (
    <MenuItem icon="link" onClick={() => void copyText(linkToMessage(relayUrl, roomId, seq))}>
      {timeline.copyLink}
    </MenuItem>
  )
  const days = (
    <MenuItem icon="clock" onClick={() => onGoToDay(item)}>
      {timeline.goToDay}
    </MenuItem>
  )
  const earlier = acts && hasEdits(item) && (
    <MenuItem icon="clock" onClick={() => acts.showEdits(item)}>
      {timeline.editHistory}
    </MenuItem>
  )
  const copy = (
    <MenuItem
      icon="copy"
      onClick={() => {
        void copyText(item.body)
      }}
    >
      {timeline.copy}
    </MenuItem>
  )
  const away = acts && (
    <MenuItem icon="forward" onClick={() => acts.forward(item)}>
      {forward.action}
    </MenuItem>
  )
  if (!joined) {
    return (
      <>
        {copy}
        {away}
        {link}
        {days}
      </>
    )
  }
  return (
    <>
      <MenuLine />
      <MenuItem icon="reply" onClick={() => onReply(item)}>
        {timeline.reply}
      </MenuItem>
      {onAside && !item.own && !item.aside && (
        <MenuItem icon="aside" onClick={() => onAside(item)}>
          {asides.start}
        </MenuItem>
      )}
      {copy}
      {away}
      {link}
      {!item.own && item.seq !== null && (
        <MenuItem icon="unread" onClick={() => onMarkUnread(item)}>
          {timeline.markUnread}
        </MenuItem>
      )}
      {acts?.setPin && seq !== null && !item.aside && (
        <MenuItem icon="pin" onClick={() => acts.setPin?.(item, !isPinned)}>
          {isPinned ? timeline.unpin : timeline.pin}
        </MenuItem>
      )}
      {asksReaders && (
        <MenuItem icon="eye" onClick={() => onReaders(item)}>
          {readers.show}
        </MenuItem>
      )}
      {earlier}
      {days}
      {item.own && (
        <>
          <MenuItem icon="edit" onClick={() => onEdit(item)}>
            {timeline.edit}
          </MenuItem>
          <MenuLine />
          <MenuItem icon="trash" look="danger" onClick={() => onDelete(item)}>
            {timeline.delete}
          </MenuItem>
        </>
      )}
    </>
  )
}

export function DeleteDialog({ item, onClose }: { item: TimelineItem; onClose: () => void }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [problem, setProblem] = useState<unknown>()
  return (
    <Dialog
      title={texts.timeline.deleteTitle}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button
            look="danger"
            onClick={() => {
              commands.deleteMessage(item.roomId, item.id).then(onClose, setProblem)
            }}
          >
            {texts.timeline.delete}
          </Button>
        </>
      }
    >
      <p>{texts.timeline.deleteText}</p>
      <div role="alert">{problem !== undefined && <p>{errorSentence(texts, problem)}</p>}</div>
    </Dialog>
  )
}
