// One row of a timeline: a message of oneself or of others, a system line, and the day that begins after it.
import { memo } from 'react'
import type { UserRecord } from '../../../protocol/records.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf, systemLine } from '../../texts/words.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { MessageState, RefusedActions } from './message-state.tsx'
import { MessageText } from './message-text.tsx'
import styles from './message.module.css'
import { lateBy } from './rows.ts'
import type { TimelineRow } from './rows.ts'

interface MessageRowProps {
  row: TimelineRow
  users: ReadonlyMap<string, UserRecord>
}

/** A message that can't be drawn is one line; the others stand. */
export const MessageRow = memo(function MessageRow({ row, users }: MessageRowProps) {
  const { timeline } = useTexts()
  return (
    <>
      {row.dayBefore !== undefined && <Day at={row.dayBefore} />}
      <ErrorBoundary key={row.item.editedAt} fallback={<p className={styles.system}>{timeline.unreadable}</p>}>
        {row.item.kind === 'system' ? (
          <SystemLine row={row} users={users} />
        ) : row.item.own ? (
          <OwnMessage row={row} users={users} />
        ) : (
          <OthersMessage row={row} users={users} />
        )}
      </ErrorBoundary>
      {row.dayAfter !== undefined && <Day at={row.dayAfter} />}
    </>
  )
})

function Day({ at }: { at: string }) {
  const { dates } = useTexts()
  return (
    <p className={styles.day}>
      <time dateTime={at}>{dates.day(at)}</time>
    </p>
  )
}

function SystemLine({ row, users }: MessageRowProps) {
  const texts = useTexts()
  const { me } = useServices()
  return <p className={styles.system}>{systemLine(texts, users, me.userId, row.item)}</p>
}

function OwnMessage({ row }: MessageRowProps) {
  const texts = useTexts()
  const { item } = row
  const refused = item.state?.name === 'refused' ? item.state : null
  return (
    <article
      className={classNames(styles.own, row.opens && styles.opens)}
      aria-label={texts.timeline.message(texts.you, texts.dates.time(row.at))}
    >
      <div className={styles.ownLine}>
        <div className={styles.meta}>
          {item.state && <MessageState state={item.state} />}
          {row.closes && <Time at={row.at} />}
        </div>
        <Bubble row={row} look={classNames(styles.ownBubble, refused && styles.refusedBubble)} />
      </div>
      <Late row={row} />
      {refused && <RefusedActions state={refused} />}
    </article>
  )
}

function OthersMessage({ row, users }: MessageRowProps) {
  const texts = useTexts()
  const name = nameOf(texts, users, row.item.authorId)
  return (
    <article
      className={classNames(styles.others, row.opens && styles.opens)}
      aria-label={texts.timeline.message(name, texts.dates.time(row.at))}
    >
      {row.opens && (
        <div className={styles.avatar}>
          <Avatar id={row.item.authorId} name={name} color={users.get(row.item.authorId)?.color} size={38} />
        </div>
      )}
      <div className={styles.othersBody}>
        {row.opens && <p className={styles.name}>{name}</p>}
        <div className={styles.othersLine}>
          <Bubble row={row} look={styles.othersBubble} />
          {row.closes && (
            <div className={styles.meta}>
              <Time at={row.at} />
            </div>
          )}
        </div>
        <Late row={row} />
      </div>
    </article>
  )
}

function Bubble({ row: { item, opens }, look }: { row: TimelineRow; look: string | undefined }) {
  const { timeline } = useTexts()
  return (
    <div className={classNames(styles.bubble, look, opens && styles.first)}>
      {item.deletedAt === undefined ? (
        <MessageText body={item.body} />
      ) : (
        <p className={styles.deleted}>{timeline.deleted}</p>
      )}
      {item.editedAt !== undefined && item.deletedAt === undefined && (
        <span className={styles.edited}>({timeline.edited})</span>
      )}
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
