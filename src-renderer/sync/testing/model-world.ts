// A model relay with two users, a room, and a device each. For tests only.
import type { MessageRecord } from '../../../protocol/records.ts'
import { roomStream } from '../../../protocol/streams.ts'
import { newId } from '../../../protocol/values.ts'
import { createModelDevice } from './model-device.ts'
import type { ModelDevice } from './model-device.ts'
import { ModelRelay } from './model-relay.ts'
import { seededRandom } from './seeded-random.ts'
import { createVirtualClock } from './virtual-clock.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface ModelWorld {
  relay: ModelRelay
  clock: VirtualClock
  random: () => number
  anna: ModelDevice
  ben: ModelDevice
  roomId: string
  room: ReturnType<typeof roomStream>
  /** Messages by Ben, straight into the relay. Returns their ids. */
  benSays: (count: number, text?: string) => string[]
  benEdits: (messageId: string, body: string) => void
  /** The room's messages on a device's disk, by seq. */
  messages: (device: ModelDevice) => MessageRecord[]
}

/** Both devices are started, and connected when `connected`; the room exists and both are in it. */
export async function createModelWorld({ seed = 1, connected = true, history = false } = {}): Promise<ModelWorld> {
  const random = seededRandom(seed)
  const clock = createVirtualClock()
  const relay = new ModelRelay()
  const [annaId, benId, roomId] = [newId(), newId(), newId()]
  relay.addUser(annaId)
  relay.addUser(benId)
  relay.act(annaId, { type: 'room.create', roomId, kind: 'group', name: 'Kitchen', memberIds: [benId] })
  const anna = createModelDevice({ relay, clock, random, userId: annaId, history })
  const ben = createModelDevice({ relay, clock, random, userId: benId, history })
  if (connected) {
    anna.link.connect()
    ben.link.connect()
    await clock.advance(1_000)
  }
  const room = roomStream(roomId)
  return {
    relay,
    clock,
    random,
    anna,
    ben,
    roomId,
    room,
    benSays: (count, text = 'from Ben') =>
      Array.from({ length: count }, (_, index) => {
        const messageId = newId()
        const sentAt = new Date(clock.now()).toISOString()
        relay.act(benId, { type: 'message.send', roomId, messageId, body: `${text} ${index + 1}`, sentAt })
        return messageId
      }),
    benEdits: (messageId, body) => relay.act(benId, { type: 'message.edit', roomId, messageId, body }),
    messages: (device) =>
      device
        .records(room)
        .filter((record) => record.type === 'message')
        .toSorted((a, b) => a.seq - b.seq)
  }
}
