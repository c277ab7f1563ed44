// One row of a timeline: a message of oneself or of others, a system line, and the day that begins after it.
import { memo, useState } from 'react'
import type { ReactNode } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { copyText } from '../../platform/copy-text.ts'
import { useServices } from '../../services-context.tsx'
import type { TimelineItem } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf, systemLine } from '../../texts/words.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { AsideMark } from './aside-mark.tsx'
import { EditedMark } from './edited-mark.tsx'
import { RefusedActions } from './message-state.tsx'
import { MessageText } from './message-text.tsx'
import { MessageTools } from './message-tools.tsx'
import styles from './message.module.css'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { ReadNumber } from './read-number.tsx'
import { useLongPress } from './use-long-press.ts'
import { canAct, useRowActions } from './row-actions.ts'
import { lateBy } from './rows.ts'
import type { TimelineRow } from './rows.ts'

interface MessageRowProps {
  row: TimelineRow
  users: ReadonlyMap<string, UserRecord>
  /** The one message that the Tab key reaches; from there arrows lead to the others. */
  reachable: boolean
  /** It is being pointed out. */
  shown: boolean
}

/** A message that can't be drawn is one line; the others stand. */
export const MessageRow = memo(function MessageRow({ row, users, reachable, shown }: MessageRowProps) {
  const { timeline } = useTexts()
  return (
    <>
      {row.dayBefore !== undefined && <Day at={row.dayBefore} />}
      {row.unreadBefore && <p className={styles.unreadLine}>{timeline.unreadLine}</p>}
      <ErrorBoundary version={row.item} fallback={<Unreadable item={row.item} />}>
        {row.item.kind === 'system' ? (
          <SystemLine row={row} users={users} />
        ) : (
          <Message row={row} users={users} reachable={reachable} shown={shown} />
        )}
      </ErrorBoundary>
      {row.dayAfter !== undefined && <Day at={row.dayAfter} />}
    </>
  )
})

/** Stands in for what could not be drawn: the words can be had all the same. */
function Unreadable({ item }: { item: TimelineItem }) {
  const { timeline } = useTexts()
  return (
    <div className={styles.unreadable}>
      <p>{timeline.unreadable}</p>
      {item.kind === 'text' && (
        <Button small look="quiet" icon="copy" onClick={() => void copyText(item.body)}>
          {timeline.copyWords}
        </Button>
      )}
    </div>
  )
}

function Day({ at }: { at: string }) {
  const { dates, timeline } = useTexts()
  const { goToDay } = useRowActions()
  return (
    <p className={styles.day}>
      {/* By keyboard, the menu of each message leads there: Tab leads to the messages and not to every day between them. */}
      <button
        type="button"
        tabIndex={-1}
        className={styles.dayButton}
        title={timeline.goToDay}
        onClick={() => goToDay(at)}
      >
        <time dateTime={at}>{dates.day(at)}</time>
      </button>
    </p>
  )
}

interface PartProps {
  row: TimelineRow
  users: ReadonlyMap<string, UserRecord>
  /** The bar of what can be done, while it is wanted. */
  tools?: ReactNode
}

function SystemLine({ row, users }: PartProps) {
  const texts = useTexts()
  const { me } = useServices()
  return <p className={styles.system}>{systemLine(texts, users, me.userId, row.item)}</p>
}

function Message({ row, users, reachable, shown }: MessageRowProps) {
  const texts = useTexts()
  const { item } = row
  const { openMenu, focused } = useRowActions()
  const [wanted, setWanted] = useState({ pointer: false, focus: false })
  const name = item.own ? texts.you : nameOf(texts, users, item.authorId)
  const acts = canAct(item)
  const tools = acts && (wanted.pointer || wanted.focus) ? <MessageTools item={item} /> : undefined
  const longPress = useLongPress((point) => {
    // The browser's own answer to a long press comes with it or before it: one menu is enough.
    if (acts) openMenu(item, point, 'all')
  })
  const want = (change: Partial<typeof wanted>) => setWanted((before) => ({ ...before, ...change }))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- shortcuts to what its bar and menu offer as buttons
    <article
      className={classNames(item.own ? styles.own : styles.others, row.opens && styles.opens)}
      aria-label={texts.timeline.message(name, texts.dates.time(row.at))}
      data-message={item.id}
      data-shown={shown}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what can be done with it has to be reached by keyboard
      tabIndex={reachable ? 0 : -1}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && want({ pointer: true })}
      onPointerLeave={() => want({ pointer: false })}
      {...longPress}
      onFocus={() => {
        want({ focus: true })
        focused(item)
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) want({ focus: false })
      }}
      onContextMenu={(event) => {
        if (!acts || isAboutText(event.target)) return
        event.preventDefault()
        const byKey = event.clientX === 0 && event.clientY === 0
        openMenu(item, byKey ? event.currentTarget : { x: event.clientX, y: event.clientY }, 'all')
      }}
      onKeyDown={(event) => {
        if (!acts || event.key !== 'Enter' || event.target !== event.currentTarget) return
        event.preventDefault()
        openMenu(item, event.currentTarget, 'all')
      }}
    >
      {item.own ? (
        <OwnMessage row={row} users={users} tools={tools} reachable={reachable} />
      ) : (
        <OthersMessage row={row} users={users} tools={tools} />
      )}
    </article>
  )
}

/** Links and chosen text have the browser's own menu. */
function isAboutText(target: EventTarget): boolean {
  const chosen = window.getSelection()
  return (target instanceof Element && target.closest('a') !== null) || chosen?.isCollapsed === false
}

function OwnMessage({ row, users, tools, reachable }: PartProps & { reachable: boolean }) {
  const { timeline } = useTexts()
  const { item } = row
  const refused = item.state?.name === 'refused' ? item.state : null
  const change = item.change?.state.name === 'refused' ? { ...item.change, state: item.change.state } : null
  return (
    <>
      <div className={styles.ownLine}>
        <div className={styles.meta}>
          <ReadNumber item={item} reachable={reachable} />
          {row.closes && <Time at={row.at} />}
        </div>
        <Bubble
          row={row}
          users={users}
          look={classNames(styles.ownBubble, refused && styles.refusedBubble)}
          tools={tools}
        />
      </div>
      <Reactions item={item} users={users} />
      <Late row={row} />
      {refused && <RefusedActions what={timeline.refused} state={refused} />}
      {change && (
        <RefusedActions
          what={change.kind === 'edit' ? timeline.editRefused : timeline.deleteRefused}
          text={change.body}
          state={change.state}
        />
      )}
    </>
  )
}

function OthersMessage({ row, users, tools }: PartProps) {
  const texts = useTexts()
  const { item } = row
  const author = users.get(item.authorId)
  const name = nameOf(texts, users, item.authorId)
  return (
    <>
      {row.opens && (
        <div className={styles.avatar}>
          <Avatar id={item.authorId} name={name} color={author?.color} picture={author?.avatar} size={38} />
        </div>
      )}
      <div className={styles.othersBody}>
        {row.opens && <p className={styles.name}>{name}</p>}
        <div className={styles.othersLine}>
          <Bubble row={row} users={users} look={styles.othersBubble} tools={tools} />
          {row.closes && (
            <div className={styles.meta}>
              <Time at={row.at} />
            </div>
          )}
        </div>
        <Reactions item={item} users={users} />
        <Late row={row} />
      </div>
    </>
  )
}

function Bubble({ row: { item, opens }, users, look, tools }: PartProps & { look: string | undefined }) {
  const { timeline } = useTexts()
  return (
    <div className={classNames(styles.bubble, look, opens && styles.first)} data-aside={item.aside !== undefined}>
      {item.aside && <AsideMark item={{ ...item, aside: item.aside }} users={users} visible={opens} />}
      {item.replyTo && item.deletedAt === undefined && <Quote quoted={item.replyTo} users={users} />}
      {item.deletedAt === undefined ? (
        <MessageText item={item} users={users} />
      ) : (
        <p className={styles.deleted}>{timeline.deleted}</p>
      )}
      {item.editedAt !== undefined && item.deletedAt === undefined && <EditedMark item={item} />}
      {item.onlyHere && <p className={styles.onlyHere}>{timeline.onlyHere}</p>}
      {tools}
    </div>
  )
}

function Late({ row }: { row: TimelineRow }) {
  const { dates, timeline } = useTexts()
  const late = lateBy(row.item)
  return late === null ? null : <p className={styles.late}>{timeline.late(dates.span(late))}</p>
}

function Time({ at }: { at: string }) {
  const { dates } = useTexts()
  return <time dateTime={at}>{dates.time(at)}</time>
}
