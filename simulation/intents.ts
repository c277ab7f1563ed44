// What people wanted: every entry that was ever durable in an outbox, and how each of them ended. Sees outboxes, never changes one.
import type { Operation } from '../protocol/operations.ts'
import type { ChatCommands } from '../src-renderer/store/chat-store.ts'
import type { OutboxEntry } from '../src-renderer/store/sync-store.ts'
import type { SimulatedDevice } from './device.ts'
import { Violation } from './violation.ts'
import type { Truth } from './witness.ts'

export interface Intent {
  id: string
  device: SimulatedDevice
  operation: Operation
  dependsOn: readonly string[]
  /** `waiting`: in the outbox. `withdrawn`: by the person. `left`: sync says that its effect is here. */
  state: 'waiting' | 'withdrawn' | 'left'
  /** It was refused when it was seen last: it may go without a word. */
  refused: boolean
}

export interface Intents {
  /** To be called when a device has started: who took out what is gone since it died is not known. */
  opened(device: SimulatedDevice): void
  /** To be called before a person does something on a device. */
  asked(device: SimulatedDevice, command: keyof ChatCommands, about: readonly unknown[]): void
  /** To be called after a person has changed the outbox of a device: what is gone then was withdrawn, words only by who asked for it. */
  acted(device: SimulatedDevice): void
  /** To be called after sync has changed something in a device's store. */
  stored(device: SimulatedDevice, method: string): void
  /** By id, those of a device in the order of writing. */
  readonly all: ReadonlyMap<string, Intent>
}

/** What takes words out of an outbox, and which of its arguments says which: an entry, or a message. */
const TAKES_BACK: Partial<Record<keyof ChatCommands, number>> = { cancel: 0, discard: 0, deleteMessage: 1 }

export function createIntents(truth: Truth, fail: (violation: Violation) => void): Intents {
  const all = new Map<string, Intent>()
  /** By device, ids of what a person wanted to be gone. */
  const unwanted = new Map<SimulatedDevice, Set<string>>()

  const isAccepted = (id: string): boolean =>
    (truth.decisions.get(id) ?? []).some(({ status }) => status === 'accepted')

  function look(device: SimulatedDevice, gone: (id: string) => Intent['state']): void {
    const entries = new Map(device.outbox().map((entry) => [entry.id, entry]))
    for (const [id, { operation, dependsOn, state }] of entries) {
      const known = all.get(id) ?? { id, device }
      all.set(
        id,
        Object.assign(known, { operation, dependsOn, state: 'waiting', refused: state === 'refused' } as const)
      )
    }
    for (const intent of all.values()) {
      if (intent.device !== device || intent.state !== 'waiting' || entries.has(intent.id)) continue
      intent.state = gone(intent.id)
      if (intent.state === 'left') checkLeft(intent)
      else checkWithdrawn(intent, [...entries.values()])
    }
  }

  /** [S2] Words go only by who said them: alone, with what they depend on, or to be sent again under another id. */
  function checkWithdrawn({ id, device, operation, dependsOn }: Intent, entries: readonly OutboxEntry[]): void {
    if (operation.type !== 'message.send') return
    const { messageId } = operation
    const isUnwanted = (one: string): boolean => unwanted.get(device)?.has(one) ?? false
    const falls = (ids: readonly string[]): boolean =>
      ids.some((one) => isUnwanted(one) || falls(all.get(one)?.dependsOn ?? []))
    const isAgain = entries.some(
      ({ operation: other }) => other.type === 'message.send' && other.messageId === messageId
    )
    if (isUnwanted(id) || isUnwanted(messageId) || isAgain || falls(dependsOn)) return
    fail(new Violation('S2', `message ${messageId} left the outbox of ${device.name}, and nobody asked for that`))
  }

  /** [S2] Sync lets go of an entry only when the relay has accepted it; the store of a refused one of which nobody has to hear. */
  function checkLeft(intent: Intent): void {
    const { id, device, operation } = intent
    const decided = truth.decisions.get(id) ?? []
    const idle = operation.type === 'read.mark' || operation.type.startsWith('message.')
    if (truth.era > 0 || isAccepted(id)) return
    if (intent.refused || (idle && decided.length > 0) || isErased(intent)) intent.state = 'withdrawn'
    else fail(new Violation('S2', `${operation.type} ${id} left the outbox of ${device.name} and was never accepted`))
  }

  /** [S13] What still waits about a message goes with its deletion, once that is answered. */
  function isErased({ device, operation }: Intent): boolean {
    if (operation.type !== 'message.edit' && operation.type !== 'reaction.set' && operation.type !== 'message.pin')
      return false
    return [...all.values()].some(({ id, device: other, operation: deletion }) => {
      if (other !== device || deletion.type !== 'message.delete') return false
      return deletion.messageId === operation.messageId && truth.decisions.has(id)
    })
  }

  return {
    opened: (device) => look(device, (id) => (isAccepted(id) ? 'left' : 'withdrawn')),
    asked: (device, command, about) => {
      const named = about[TAKES_BACK[command] ?? Infinity]
      if (typeof named === 'string') unwanted.set(device, (unwanted.get(device) ?? new Set()).add(named))
    },
    acted: (device) => look(device, () => 'withdrawn'),
    stored: (device, method) => {
      if (!/Record|Stream|Page$/.test(method)) look(device, () => 'left')
    },
    all
  }
}
