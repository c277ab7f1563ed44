// What a person does, as operations in the outbox, and what is this device's alone. Writes nothing else, knows no network. What becomes of
// an operation in the outbox is decided by plan-operation.ts and removal-plans.ts.
import type { Subject } from 'rxjs'
import { directRoomId, notesRoomId, pieceId } from '../../protocol/derived-ids.ts'
import { operationSchema } from '../../protocol/operations.ts'
import type { Operation } from '../../protocol/operations.ts'
import { parse } from '../../protocol/parse.ts'
import { newId } from '../../protocol/values.ts'
import { qualified, unqualified } from '../emoji/qualified.ts'
import type { CancelOutcome, ChatCommands, SendOptions, Words } from './chat-store.ts'
import { writeLocal } from './local-rows.ts'
import { retryEntries, TAKEN_BACK } from './outbox-rules.ts'
import { isAbout, isOf, isRemovable } from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import type { Outbox } from './outbox.ts'
import { entryFor, planOperation } from './plan-operation.ts'
import type { NewEntry } from './plan-operation.ts'
import { dependantsOf, undoOf } from './removal-plans.ts'
import { finishRemoval } from './tidying.ts'
import type { Collection, DraftRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export interface CommandParts {
  userId: string
  outbox: Pick<Outbox, 'append' | 'appendedSoFar' | 'latest' | 'load' | 'nextPlace' | 'settleAndRevise'>
  drafts: Collection<DraftRow>
  /** What the records say of what an operation is about. */
  base: (operation: Operation) => Promise<Base>
  /** Device time in ms since 1970. */
  now: () => number
  /** Told when an own change is there, so that it shows at once. */
  urgent: Subject<void>
}

export function createChatCommands({ userId, outbox, drafts, base, now, urgent }: CommandParts): ChatCommands {
  const local = writeLocal(drafts)
  let turns: Promise<unknown> = Promise.resolve()

  const time = (): string => new Date(now()).toISOString()
  const newEntry = (): NewEntry => ({ id: newId(), place: outbox.nextPlace(), createdAt: time() })

  /** Commands of this window that look at the outbox, in the order of their calls, behind what was appended before. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = turns.then(async () => {
      await outbox.appendedSoFar()
      return work()
    })
    turns = turn.catch(() => undefined)
    const result = await turn
    urgent.next()
    return result
  }

  /** At once to the end, without reading the disk: all of them, or none. */
  async function append(...inputs: readonly Operation[]): Promise<void> {
    const made = inputs.map((input) => ({ operation: parse(operationSchema, input), entry: newEntry() }))
    const { entries } = await outbox.latest()
    // In one moment, and by that in one transaction.
    const stored = made.map(({ operation, entry }) => outbox.append(entryFor(operation, entries, entry)))
    await Promise.all(stored)
    urgent.next()
  }

  /** Whether the message is among what waits. One that has come is merged with what is sent again. */
  async function isInOutbox(roomId: string, messageId: string): Promise<boolean> {
    const { entries } = await outbox.latest()
    return entries.some((entry) => isOf(entry, 'message.send') && isAbout(entry, roomId, messageId))
  }

  async function sendMessages(
    roomId: string,
    words: readonly Words[],
    { replyTo, to, messageId: told }: SendOptions = {}
  ): Promise<string> {
    const firstId = told ?? newId()
    if (told !== undefined && (await isInOutbox(roomId, told))) return told
    const others = to && { to: [...new Set(to)].filter((id) => id !== userId) }
    const sends = words.map(({ body, mentions }, nth): Operation => {
      const place = { roomId, messageId: nth === 0 ? firstId : pieceId(firstId, nth), ...others }
      const answered = nth > 0 || replyTo === undefined ? {} : { replyTo }
      return {
        type: 'message.send',
        ...place,
        body: soundText(body),
        sentAt: time(),
        ...answered,
        ...mentionsOf(mentions)
      }
    })
    await append(...sends)
    return firstId
  }

  async function submit(input: Operation): Promise<void> {
    const operation = parse(operationSchema, input)
    const made = newEntry()
    await inTurn(() => plan(operation, made))
  }

  async function plan(operation: Operation, made = newEntry()): Promise<void> {
    const { entries: before } = await outbox.latest()
    const held = await base(operation)
    await outbox.settleAndRevise(({ entries }) => planOperation(operation, entries, held, made, before))
  }

  /**
   * Takes the first entry that `isWanted` out if the relay has not got it. If something depends on it, it is only marked at first: as long as the
   * mark stands nothing that depends on it is numbered, and it goes when they are decided about.
   */
  async function remove(
    isWanted: (entry: OutboxEntry) => boolean,
    withDependants: boolean
  ): Promise<OutboxEntry | undefined> {
    let gone: OutboxEntry | undefined
    let dependants: readonly string[] = []
    await outbox.settleAndRevise(({ entries }) => {
      gone = entries.find((entry) => isWanted(entry) && isRemovable(entry))
      if (!gone) return undefined
      dependants = dependantsOf(gone.id, entries)
      if (dependants.length === 0) return { remove: [gone.id] }
      return { put: new Map([[gone.id, { ...gone, state: 'refused', error: TAKEN_BACK }]]) }
    })
    if (!gone || dependants.length === 0) return gone
    await finishRemoval(outbox, gone, withDependants ? dependants : [])
    return gone
  }

  async function cancel(entryId: string): Promise<CancelOutcome> {
    if (await remove(({ id }) => id === entryId, false)) return 'removed'
    const { entries } = await outbox.load()
    const entry = entries.find(({ id }) => id === entryId)
    const undo = entry && undoOf(entry, entries, await base(entry.operation))
    if (!undo) return 'too-late'
    await plan(undo)
    return 'undone'
  }

  return {
    async createRoom(name, memberIds, { kind = 'group', ...options } = {}) {
      const roomId = newId()
      const others = [...new Set(memberIds)].filter((id) => id !== userId)
      await append({ type: 'room.create', roomId, kind, name, memberIds: others, ...options })
      return roomId
    },
    async openDirect(otherId) {
      const roomId = directRoomId(userId, otherId)
      await submit({ type: 'room.create', roomId, kind: 'direct', memberIds: [otherId] })
      return roomId
    },
    async openNotes() {
      const roomId = notesRoomId(userId)
      await submit({ type: 'room.create', roomId, kind: 'notes', memberIds: [] })
      return roomId
    },
    renameRoom: (roomId, name) => submit({ type: 'room.rename', roomId, name }),
    changeRoom: (roomId, change) => submit({ type: 'room.change', roomId, ...change }),
    closeRoom: (roomId) => submit({ type: 'room.close', roomId }),
    addMembers: (roomId, userIds) => submit({ type: 'member.add', roomId, userIds: [...new Set(userIds)] }),
    removeMember: (roomId, member) => submit({ type: 'member.remove', roomId, userId: member }),
    setBan: (roomId, member, set) => submit({ type: 'member.ban', roomId, userId: member, set }),
    setRole: (roomId, member, role) => submit({ type: 'member.role', roomId, userId: member, role }),
    joinRoom: (roomId) => submit({ type: 'room.join', roomId }),
    leaveRoom: (roomId, { quietly = false } = {}) =>
      submit({ type: 'member.remove', roomId, userId, ...(quietly ? { quietly } : {}) }),

    sendMessages,
    sendMessage: (roomId, body, { mentions = [], ...options } = {}) =>
      sendMessages(roomId, [{ body, mentions }], options),
    editMessage: (roomId, messageId, body, { mentions } = {}) =>
      submit({ type: 'message.edit', roomId, messageId, body: soundText(body), ...mentionsOf(mentions) }),
    async deleteMessage(roomId, messageId) {
      const made = newEntry()
      await inTurn(async () => {
        const isSend = (entry: OutboxEntry): boolean => isOf(entry, 'message.send') && isAbout(entry, roomId, messageId)
        const unsent = await remove(isSend, false)
        if (!unsent) await plan({ type: 'message.delete', roomId, messageId }, made)
      })
    },
    async setReaction(roomId, messageId, emoji, set) {
      await submit({ type: 'reaction.set', roomId, messageId, emoji: qualified(emoji), set })
      const other = { type: 'reaction.set', roomId, messageId, emoji: unqualified(emoji), set } as const
      // Another program may have set the same picture in its other form: for a person it is one reaction.
      if (!set && other.emoji !== qualified(emoji) && (await base(other)).reaction?.set) await submit(other)
    },
    setMessagePin: (roomId, messageId, set) => submit({ type: 'message.pin', roomId, messageId, set }),

    markRead: (roomId, seq) => submit({ type: 'read.mark', roomId, seq }),
    markUnread: (roomId, fromSeq) => submit({ type: 'room.settings', roomId, unreadFrom: fromSeq }),
    setMuted: (roomId, until) => submit({ type: 'room.settings', roomId, mutedUntil: until }),
    setPinned: (roomId, pinned) => submit({ type: 'room.settings', roomId, pinned }),
    changeProfile: (change) => submit({ type: 'profile.change', ...change }),
    setReceipts: (on) => submit({ type: 'profile.change', receipts: on }),
    setAvailability: (availability) => submit({ type: 'preferences.change', availability }),
    setBlock: (other, set) => submit({ type: 'block.set', userId: other, set }),

    retry: (entryId) =>
      inTurn(() =>
        outbox.settleAndRevise(({ entries }) => ({
          put: retryEntries(entries, entryId, { newId, nextPlace: () => outbox.nextPlace() })
        }))
      ),
    cancel: (entryId) => inTurn(() => cancel(entryId)),
    discard: (entryId, { withDependants = false } = {}) =>
      inTurn(async () => (await remove(({ id }) => id === entryId, withDependants)) !== undefined),

    async saveDraft(roomId, text, messageId) {
      await local.saveDraft(roomId, soundText(text), messageId)
      urgent.next()
    },
    saveScroll: (roomId, place) => local.saveScroll(roomId, place),
    saveEdit: (roomId, edit) => local.saveEdit(roomId, edit && { ...edit, text: soundText(edit.text) })
  }
}

/** Nobody is no list. */
function mentionsOf(mentions: readonly string[] = []): { mentions?: string[] } {
  return mentions.length === 0 ? {} : { mentions: [...mentions] }
}

/** What the wire takes, and nothing else changed: whole surrogate pairs, no U+0000. Its length is the schema's to judge. */
function soundText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}
