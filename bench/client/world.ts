// What the parts of the client's benchmark share: a relay with rooms, the gate before it, and a device that holds all of them.
import { startRelayProcess } from '../processes.ts'
import type { Server } from '../processes.ts'
import type { Bench } from '../row.ts'
import { grouped } from '../row.ts'
import { buildClient, relayProgram } from './built.ts'
import { fillProfile, newDevice } from './device.ts'
import type { Address } from './device.ts'
import { openGate } from './gate.ts'
import type { Gate } from './gate.ts'
import { seedRooms } from './seed-rooms.ts'
import type { RoomSizes, SeededRoom, SeededRooms } from './seed-rooms.ts'

export interface World {
  relay: Server
  gate: Gate
  address: Address
  seeded: SeededRooms
  /** The room that devices open with. */
  room: SeededRoom
  perRoom: number
  /** Messages that the device holds at first. */
  stored: number
  /** Of the first person: a browser profile that holds everything. */
  profile: string
  /** Where further profiles lie. */
  root: string
  close(): Promise<void>
}

let built: Promise<void> | undefined

/** `archived`: messages of the room that the first person is not in. */
export async function openWorld(bench: Bench, sizes: RoomSizes): Promise<World> {
  const { rooms, perRoom } = sizes
  bench.say(`${grouped(rooms)} rooms of ${grouped(perRoom)} messages, put into a relay and into a browser's store`)
  await (built ??= buildClient())
  const place = await bench.newPlace()
  const seeded = await seedRooms(place, sizes)
  const relay = await startRelayProcess({ ...place, program: relayProgram })
  const gate = await openGate(relay.port)
  const address = { url: `http://127.0.0.1:${gate.port}/`, relayUrl: `http://127.0.0.1:${relay.port}/` }
  const root = (await bench.newPlace()).dataDir
  const profile = await newDevice(root, address, seeded.seats[0], seeded)
  await fillProfile(profile, address, seeded, perRoom)
  const [room] = seeded.rooms
  if (!room) throw new Error('there are rooms')
  return {
    relay,
    gate,
    address,
    seeded,
    room,
    perRoom,
    profile,
    root,
    stored: rooms * perRoom,
    async close() {
      await gate.close()
      await relay.stop()
    }
  }
}
