// What a person does, as operations in the outbox, and what they have not finished writing, as drafts. Writes nothing else, knows no network.
import type { Subject } from 'rxjs'
import { operationSchema } from '../../protocol/operations.ts'
import type { Operation } from '../../protocol/operations.ts'
import { parse } from '../../protocol/parse.ts'
import { newId } from '../../protocol/values.ts'
import type { ChatCommands } from './chat-store.ts'
import { DEPENDS_ON_REFUSED, dependenciesOf, refuseDependents, retryEntries } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import { reviseRows } from './rows.ts'
import type { Collection, DraftRow } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'

export interface CommandParts {
  userId: string
  outbox: Outbox
  drafts: Collection<DraftRow>
  /** Device time in ms since 1970. */
  now: () => number
  /** Told when an own change is there, so that it shows at once. */
  urgent: Subject<void>
}

export function createChatCommands({ userId, outbox, drafts, now, urgent }: CommandParts): ChatCommands {
  let draftsSaved: Promise<unknown> = Promise.resolve()

  const submit = async (input: Operation): Promise<void> => {
    const operation = parse(operationSchema, input)
    const { entries } = await outbox.latest()
    const dependsOn = dependenciesOf(operation, entries)
    const hopeless = entries.some(({ id, state }) => state === 'refused' && dependsOn.includes(id))
    const entry: OutboxEntry = {
      id: newId(),
      place: outbox.nextPlace(),
      n: null,
      createdAt: timeOf(now()),
      dependsOn,
      operation,
      ...(hopeless ? { state: 'refused', error: DEPENDS_ON_REFUSED } : { state: 'pending' })
    }
    await outbox.append(entry)
    urgent.next()
  }

  return {
    async createRoom(name, memberIds) {
      const roomId = newId()
      const others = [...new Set(memberIds)].filter((id) => id !== userId)
      await submit({ type: 'room.create', roomId, kind: 'group', name, memberIds: others })
      return roomId
    },

    addMembers: (roomId, userIds) => submit({ type: 'member.add', roomId, userIds: [...new Set(userIds)] }),

    leaveRoom: (roomId) => submit({ type: 'member.remove', roomId, userId }),

    async sendMessage(roomId, body) {
      const messageId = newId()
      await submit({ type: 'message.send', roomId, messageId, body: soundText(body), sentAt: timeOf(now()) })
      return messageId
    },

    async retry(entryId) {
      await outbox.settleAndRevise(({ entries }) => ({
        put: retryEntries(entries, entryId, { newId, nextPlace: () => outbox.nextPlace() })
      }))
      urgent.next()
    },

    async discard(entryId) {
      let removed = false
      await outbox.settleAndRevise(({ entries }) => {
        const entry = entries.find(({ id }) => id === entryId)
        if (!entry) return undefined
        removed = entry.state === 'refused' || (entry.state === 'pending' && entry.n === null)
        return removed
          ? { remove: [entryId], put: refuseDependents(entries, new Set([entryId]), new Map()) }
          : undefined
      })
      urgent.next()
      return removed
    },

    async saveDraft(roomId, text) {
      const sound = soundText(text)
      const saved = draftsSaved.then(() =>
        reviseRows(drafts, [roomId], (key, current) =>
          sound === (current?.text ?? '') ? undefined : sound === '' ? null : { key, text: sound }
        )
      )
      draftsSaved = saved.catch(() => undefined)
      await saved
      urgent.next()
    }
  }
}

/** What the wire takes, and nothing else changed: whole surrogate pairs, no U+0000. Its length is the schema's to judge. */
function soundText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
