// The outbox as a person sees it: what each operation is about and what can be done about it. Plain functions of rows and entries.
import type { OutboxItem, QuotedMessage } from './chat-store.ts'
import type { DirectRooms } from './direct-rooms.ts'
import { byRoom, roomIdOf, spokenIn } from './outbox-rules.ts'
import { isAbout, isOf, isRemovable, isUnsent, standingName } from './outbox-standing.ts'
import { dependantsOf, isUndoable } from './removal-plans.ts'
import { messageKey } from './schemas.ts'
import type { MembershipRow, MessageRow, RoomRow, UserRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { isSend, quotedRow, quotedSend } from './timeline.ts'

export interface OutboxViewParts {
  userId: string
  entries: readonly OutboxEntry[]
  rooms: ReadonlyMap<string, RoomRow>
  memberships: ReadonlyMap<string, MembershipRow>
  users: ReadonlyMap<string, UserRow>
  direct: DirectRooms
  /** What the operations are about, by row key, as far as it is held. */
  messages: ReadonlyMap<string, MessageRow>
}

/** In the order of the entries. */
export function buildOutbox(parts: OutboxViewParts): OutboxItem[] {
  const { entries } = parts
  const nameOf = roomNames(parts)
  const depended = new Set(entries.flatMap(({ dependsOn }) => dependsOn))
  return entries.map((entry): OutboxItem => {
    const { id, operation, createdAt, error } = entry
    const roomId = shownRoom(roomIdOf(operation), parts)
    const about = aboutOf(entry, parts)
    return {
      id,
      operation,
      createdAt,
      state: entry.state === 'pending' ? (isUnsent(entry) ? 'waiting' : 'sent') : entry.state,
      ...(error ? { error } : {}),
      roomId,
      roomName: roomId === null ? null : nameOf(roomId),
      ...(about === undefined ? {} : { about }),
      cancel: isRemovable(entry) ? 'remove' : isUndoable(operation) ? 'undo' : null,
      retry: entry.state === 'refused',
      discard: isRemovable(entry),
      dependants: depended.has(id) ? dependantsOf(id, entries) : []
    }
  })
}

/** [S11.5] What is done in an aside is done, for who sees it, in the room that it belongs to. */
function shownRoom(roomId: string | null, { memberships, entries, userId }: OutboxViewParts): string | null {
  if (roomId === null) return null
  const making = entries.filter(isSend).find(({ operation }) => operation.to && spokenIn(operation, userId) === roomId)
  return memberships.get(roomId)?.parentId ?? making?.operation.roomId ?? roomId
}

function roomNames({ entries, rooms, users, direct }: OutboxViewParts): (roomId: string) => string | null {
  const inRooms = byRoom(entries)
  const names = new Map<string, string | null>()
  const nameOf = (roomId: string): string | null => {
    const row = rooms.get(roomId)
    const inRoom = inRooms.get(roomId) ?? []
    const creation = inRoom.find((entry) => isOf(entry, 'room.create'))?.operation
    const isDirect = (row?.kind ?? creation?.kind) === 'direct'
    const other = isDirect ? direct.otherIn(roomId, row?.createdBy, creation, users) : undefined
    return other === undefined ? (standingName(row, inRoom)?.name ?? null) : (users.get(other)?.displayName ?? '')
  }
  return (roomId) => {
    const name = names.get(roomId) ?? nameOf(roomId)
    names.set(roomId, name)
    return name
  }
}

/** The message that an operation is about besides the one that it makes; its room and id. */
function subjectOf({ operation }: OutboxEntry): { roomId: string; messageId: string } | undefined {
  if (operation.type === 'message.send') {
    return operation.replyTo === undefined ? undefined : { roomId: operation.roomId, messageId: operation.replyTo }
  }
  return 'messageId' in operation ? operation : undefined
}

/** The row keys of the messages that the entries are about. */
export function aboutKeys(entries: readonly OutboxEntry[]): Set<string> {
  return new Set(
    entries.flatMap((entry) => {
      const subject = subjectOf(entry)
      return subject ? [messageKey(subject.roomId, subject.messageId)] : []
    })
  )
}

/** As it was before own changes: they stand beside it. */
function aboutOf(entry: OutboxEntry, { userId, entries, messages }: OutboxViewParts): QuotedMessage | null | undefined {
  const subject = subjectOf(entry)
  if (!subject) return undefined
  const row = messages.get(messageKey(subject.roomId, subject.messageId))
  if (row) return quotedRow(row, [], userId)
  const send = entries.filter(isSend).find((each) => isAbout(each, subject.roomId, subject.messageId))
  return send ? quotedSend(send, userId) : null
}
