// What the benchmark is asked to do, and how large each part then is.
import { parseArgs } from 'node:util'

export interface Sizes {
  /** Runs of each measured thing, taking turns with what it is compared with; the median counts. */
  runs: number
  warmUpMs: number
  measureMs: number
  ackMs: number
  /** Messages that an old relay has stored. */
  stored: number
  agePairs: number
  starts: number
  stalledMs: number
  /** In the room that is alive. */
  livingPeople: number
  client: ClientSizes
}

export interface ClientSizes {
  rooms: number
  /** Messages of each room, stored on the device. */
  perRoom: number
  /** The same for the starts with a large store; 0: none. */
  perRoomLarge: number
  /** Starts of each kind. */
  starts: number
  roomsOpened: number
  sends: number
  missed: number
  history: number
  /** Messages of the one room that is scrolled and written in, and how many of them go by. */
  longRoom: number
  scrolled: number
  keys: number
  /** Rooms of one person who has very many, and as many people on the relay. */
  manyRooms: number
}

export interface Options {
  quick: boolean
  /** Rows to run: those whose name starts with one of these; all without any. */
  only: string[]
  out: string
  /** Where the relays' data lie; its file system is what fsync is measured on. */
  dataRoot: string | undefined
  generators: number
  perPush: number
  window: number
  /** Writes a CPU profile of each relay of the `room` rows, and of the living one, here. */
  profile: string | undefined
  sizes: Sizes
}

const full: Sizes = {
  runs: 3,
  warmUpMs: 2_000,
  measureMs: 6_000,
  ackMs: 15_000,
  stored: 1_000_000,
  agePairs: 10,
  starts: 5,
  stalledMs: 30_000,
  livingPeople: 1_000,
  client: {
    rooms: 100,
    perRoom: 1_000,
    perRoomLarge: 3_000,
    starts: 20,
    roomsOpened: 50,
    sends: 60,
    missed: 10_000,
    history: 50_000,
    longRoom: 100_000,
    scrolled: 10_000,
    keys: 200,
    manyRooms: 1_000
  }
}

/** The relay under two minutes on an idle machine, the client as long again: one run of each, shorter, and a tenth of the stored messages. */
const quick: Sizes = {
  runs: 1,
  warmUpMs: 800,
  measureMs: 2_000,
  ackMs: 4_000,
  stored: 100_000,
  agePairs: 3,
  starts: 2,
  stalledMs: 6_000,
  livingPeople: 200,
  client: {
    rooms: 20,
    perRoom: 500,
    perRoomLarge: 0,
    starts: 3,
    roomsOpened: 10,
    sends: 10,
    missed: 1_000,
    history: 2_000,
    longRoom: 5_000,
    scrolled: 1_500,
    keys: 60,
    manyRooms: 200
  }
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'bench/results' },
      data: { type: 'string' },
      generators: { type: 'string', default: '2' },
      'per-push': { type: 'string', default: '10' },
      window: { type: 'string', default: '500' },
      profile: { type: 'string' }
    }
  })
  return {
    quick: values.quick,
    only: values.only,
    out: values.out,
    dataRoot: values.data,
    generators: Number(values.generators),
    perPush: Number(values['per-push']),
    window: Number(values.window),
    profile: values.profile,
    sizes: values.quick ? quick : full
  }
}
