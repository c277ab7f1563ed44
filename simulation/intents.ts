// What people wanted: every entry that was ever durable in an outbox, and how each of them ended. Sees outboxes, never changes one.
import type { Operation } from '../protocol/operations.ts'
import type { SimulatedDevice } from './device.ts'
import { Violation } from './violation.ts'
import type { Truth } from './witness.ts'

export interface Intent {
  id: string
  device: SimulatedDevice
  operation: Operation
  /** The order of writing on its device. */
  order: number
  /** `waiting`: in the outbox. `withdrawn`: by the person. `left`: sync says that its effect is here. */
  state: 'waiting' | 'withdrawn' | 'left'
  /** It was refused when it was seen last: it may go without a word. */
  refused: boolean
}

export interface Intents {
  /** To be called after a person has changed the outbox of a device: what is gone then was withdrawn. */
  acted(device: SimulatedDevice): void
  /** To be called after sync has changed something in a device's store. */
  stored(device: SimulatedDevice, method: string): void
  readonly all: ReadonlyMap<string, Intent>
}

export function createIntents(truth: Truth, fail: (violation: Violation) => void): Intents {
  const all = new Map<string, Intent>()
  let order = 0

  function look(device: SimulatedDevice, gone: Intent['state']): void {
    const entries = new Map(device.outbox().map((entry) => [entry.id, entry]))
    for (const [id, { operation, state }] of entries) {
      const refused = state === 'refused'
      const known = all.get(id)
      if (known === undefined) all.set(id, { id, device, operation, order: order++, state: 'waiting', refused })
      else Object.assign(known, { operation, state: 'waiting', refused })
    }
    for (const intent of all.values()) {
      if (intent.device !== device || intent.state !== 'waiting' || entries.has(intent.id)) continue
      intent.state = gone
      if (gone === 'left') checkLeft(intent)
    }
  }

  /** [S2] Sync lets go of an entry only when the relay has accepted it; the store of a refused one of which nobody has to hear. */
  function checkLeft(intent: Intent): void {
    const { id, device, operation } = intent
    const decided = truth.decisions.get(id) ?? []
    const idle = operation.type === 'read.mark' || operation.type.startsWith('message.')
    if (truth.era > 0 || decided.some(({ status }) => status === 'accepted')) return
    if (intent.refused || (idle && decided.length > 0)) intent.state = 'withdrawn'
    else fail(new Violation('S2', `${operation.type} ${id} left the outbox of ${device.name} and was never accepted`))
  }

  return {
    acted: (device) => look(device, 'withdrawn'),
    stored: (device, method) => {
      if (!/Record|Stream|Page$/.test(method)) look(device, 'left')
    },
    all
  }
}
