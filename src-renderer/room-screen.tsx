// The open room: header, messages and composer, one above the other.
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { AsideButton } from './features/asides/aside-button.tsx'
import { AsideLine } from './features/asides/aside-line.tsx'
import { useAside } from './features/asides/use-aside.ts'
import { Composer } from './features/composer/composer.tsx'
import type { ComposerTarget } from './features/composer/target.ts'
import { ConnectionLine } from './features/connection/connection-line.tsx'
import { PinBar } from './features/pins/pin-bar.tsx'
import { BlockedNote } from './features/rooms/blocked-note.tsx'
import { ReadOnlyNote } from './features/rooms/closed-note.tsx'
import { RoomHeader } from './features/rooms/room-header.tsx'
import { Timeline } from './features/timeline/timeline.tsx'
import type { RoomShown } from './features/timeline/use-room-shown.ts'
import { TypingLine } from './features/typing/typing-line.tsx'
import { MessageActsProvider } from './platform/message-acts.tsx'
import type { MessageActs, Said } from './platform/message-acts.tsx'
import { SpeakAsideProvider } from './platform/speak-aside.tsx'
import styles from './room-screen.module.css'
import { useServices } from './services-context.tsx'
import type { RoomDetails, ScrollPlace, TimelineItem } from './store/chat-store.ts'
import { errorSentence } from './texts/errors.ts'
import { roomTitle } from './texts/room-title.ts'
import { useTexts } from './texts/texts-context.tsx'
import { Empty } from './ui/empty.tsx'
import { later } from './ui/later.tsx'
import { useObservable } from './ui/use-observable.ts'

const ForwardDialog = later(async () => (await import('./features/forward/forward-dialog.tsx')).ForwardDialog)
const EditsDialog = later(async () => (await import('./features/edits/edits-dialog.tsx')).EditsDialog)

/** How long it is said that something went elsewhere. */
const SAID_FOR_MS = 6_000

/** `roomId` null: no room is open. Give it the room's id as its key. What happens in other rooms does not draw it again. */
export const RoomScreen = memo(function RoomScreen({ roomId, place }: RoomShown) {
  return roomId === null ? <NoRoom /> : <Room roomId={roomId} place={place} />
})

function NoRoom() {
  const texts = useTexts()
  const { me, store } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store])
  const none = rooms?.length === 0
  return (
    <div className={styles.none}>
      {rooms && (
        <Empty title={none ? texts.rooms.welcome(me.displayName) : texts.rooms.pick}>
          <p>{none ? texts.rooms.noneMain : texts.rooms.pickHint}</p>
        </Empty>
      )}
    </div>
  )
}

function Room({ roomId, place }: { roomId: string; place: RoomShown['place'] }) {
  const texts = useTexts()
  const { store } = useServices()
  // One that is in no list is a room all the same: an empty direct room that somebody else made, or one with somebody who is blocked.
  const room = useObservable(() => store.queries.watchRoomDetails(roomId), [store, roomId])
  if (room === null)
    return (
      <div className={styles.none}>
        <Empty title={texts.rooms.notFound} />
      </div>
    )
  if (room === undefined || place === undefined) return <div className={styles.none} />
  return <OpenRoom room={room} place={place} />
}

function OpenRoom({ room, place }: { room: RoomDetails; place: ScrollPlace | null }) {
  const texts = useTexts()
  const title = roomTitle(texts, room)
  const titled = useMemo(() => ({ ...room, name: title }), [room, title])
  const section = useRef<HTMLElement>(null)
  const [target, setTarget] = useState<ComposerTarget | null>(null)
  const { me } = useServices()
  const aside = useAside(room)
  const { leave: leaveAside } = aside
  const reply = useCallback(
    (item: TimelineItem) => {
      // An answer goes to whoever has what it answers, and so do the words after it.
      leaveAside()
      setTarget({ kind: 'reply', item })
    },
    [leaveAside]
  )
  const asideOfTarget = target?.item.aside?.userIds.filter((userId) => userId !== me.userId)
  const edit = useCallback((item: TimelineItem) => setTarget({ kind: 'edit', item }), [])
  const done = useCallback(() => setTarget(null), [])
  const follow = useCallback((item: TimelineItem) => {
    setTarget((before) => (before?.item.id === item.id && before.item !== item ? { ...before, item } : before))
  }, [])
  const [history, setHistory] = useState<{ id: string; roomId: string } | null>(null)
  const [forwarded, setForwarded] = useState<Said | null>(null)
  const [sentOn, setSentOn] = useState<readonly string[] | null>(null)
  useEffect(() => {
    if (!sentOn) return
    const timer = setTimeout(() => setSentOn(null), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [sentOn])
  const { commands } = useServices().store
  const [pinProblem, setPinProblem] = useState<unknown>()
  const { pins, may } = room
  const acts = useMemo<MessageActs>(
    () => ({
      pins,
      setPin: may.pin
        ? (item, set) => {
            setPinProblem(undefined)
            commands.setMessagePin(item.roomId, item.id, set).catch(setPinProblem)
          }
        : null,
      showEdits: setHistory,
      forward: setForwarded
    }),
    [pins, may.pin, commands]
  )
  const lastOwn = useRef<TimelineItem | null>(null)
  const editLast = useCallback(() => {
    if (lastOwn.current) setTarget({ kind: 'edit', item: lastOwn.current })
  }, [])
  const write = useCallback(() => section.current?.querySelector('textarea')?.focus(), [])
  return (
    <section ref={section} className={styles.room} aria-label={title}>
      <RoomHeader room={room} />
      {room.blocked && room.withUserId !== undefined && <BlockedNote userId={room.withUserId} />}
      <div className={styles.trouble}>
        <ConnectionLine onlyTrouble />
      </div>
      <SpeakAsideProvider value={aside.possible ? aside.speakTo : null}>
        <MessageActsProvider value={acts}>
          <PinBar roomId={room.id} />
          <Timeline
            key={room.id}
            room={titled}
            place={place}
            lastOwn={lastOwn}
            targetId={target?.item.id}
            onTarget={follow}
            onReply={reply}
            onEdit={edit}
            onLeave={write}
          />
        </MessageActsProvider>
      </SpeakAsideProvider>
      <div role="alert">
        {pinProblem !== undefined && <p className={styles.problem}>{errorSentence(texts, pinProblem)}</p>}
      </div>
      {history && <EditsDialog roomId={history.roomId} messageId={history.id} onClose={() => setHistory(null)} />}
      {forwarded && (
        <ForwardDialog item={forwarded} roomId={room.id} onSent={setSentOn} onClose={() => setForwarded(null)} />
      )}
      <div className={styles.over}>
        <output>{sentOn && <span className={styles.done}>{texts.forward.done(sentOn)}</span>}</output>
      </div>
      {room.may.write && <TypingLine room={room} />}
      {asideOfTarget && <AsideLine roomId={room.id} userIds={asideOfTarget} />}
      {!target && aside.userIds && <AsideLine roomId={room.id} userIds={aside.userIds} aside={aside} />}
      {room.may.write ? (
        <Composer
          key={room.id}
          roomId={room.id}
          target={target}
          asideTo={target ? null : aside.userIds}
          onAsideLeave={leaveAside}
          typingTold={room.kind !== 'notes' && room.room !== null}
          tools={<AsideButton roomId={room.id} aside={aside} />}
          onResume={setTarget}
          onTargetDone={done}
          onEditLast={editLast}
        />
      ) : (
        <ReadOnlyNote room={room} />
      )}
    </section>
  )
}
