// The client's parts of the benchmark, for the list of all parts. Those with the same rooms share one relay and one filled device.
import type { Bench, Row } from '../row.ts'
import { catchingUpRows, historyRows } from './catching-up.ts'
import { manyRoomsRows } from './many-rooms.ts'
import { screenRows } from './screen.ts'
import { scrollRows, typingRows } from './scrolling.ts'
import { startRows } from './starts.ts'
import { togetherRows } from './together.ts'
import { openWorld } from './world.ts'
import type { World } from './world.ts'

interface Part {
  name: string
  run: (bench: Bench) => Promise<Row[]>
}

const START_GOAL_TIMES = 2.5
/** People with very many rooms do not read much in most of them. */
const PER_ROOM_OF_MANY = 30
const LARGE_START_GOAL_TIMES = 3.5

export function clientParts(): Part[] {
  let world: Promise<World> | undefined
  const shared =
    (run: (bench: Bench, world: World) => Promise<Row[]>) =>
    async (bench: Bench): Promise<Row[]> => {
      const { rooms, perRoom, history } = bench.options.sizes.client
      return run(bench, await (world ??= openWorld(bench, { rooms, perRoom, archived: history })))
    }
  let long: Promise<World> | undefined
  /** One room with all of the messages, for reading far back and for writing in it. */
  const inLongRoom =
    (run: (bench: Bench, world: World) => Promise<Row[]>) =>
    async (bench: Bench): Promise<Row[]> => {
      const { longRoom } = bench.options.sizes.client
      return run(bench, await (long ??= openWorld(bench, { rooms: 1, perRoom: longRoom, archived: 0 })))
    }
  return [
    {
      name: 'client-start',
      run: shared((bench, world) => startRows(bench, world, bench.options.sizes.client.starts, START_GOAL_TIMES))
    },
    {
      name: 'client-screen',
      run: shared(async (bench, world) => {
        const { roomsOpened, sends } = bench.options.sizes.client
        return screenRows(bench, world, roomsOpened, sends)
      })
    },
    {
      name: 'client-together',
      run: shared((bench, world) => togetherRows(bench, world, bench.options.sizes.client.sends))
    },
    {
      name: 'client-missed',
      run: shared((bench, world) => catchingUpRows(bench, world, bench.options.sizes.client.missed))
    },
    {
      name: 'client-history',
      run: shared((bench, world) => historyRows(bench, world, bench.options.sizes.client.history))
    },
    {
      name: 'client-scroll',
      run: inLongRoom((bench, world) => scrollRows(bench, world, bench.options.sizes.client.scrolled))
    },
    {
      name: 'client-typing',
      run: inLongRoom((bench, world) => typingRows(bench, world, bench.options.sizes.client.keys))
    },
    {
      name: 'client-many',
      run: async (bench) => {
        const { manyRooms, roomsOpened: opened, sends, keys } = bench.options.sizes.client
        const many = await openWorld(bench, {
          rooms: manyRooms,
          perRoom: PER_ROOM_OF_MANY,
          archived: 0,
          others: manyRooms
        })
        const rows = await manyRoomsRows(bench, many, { opened, sends, keys })
        await many.close()
        return rows
      }
    },
    {
      name: 'client-large',
      run: async (bench) => {
        const { rooms, perRoomLarge, starts } = bench.options.sizes.client
        if (perRoomLarge === 0) return []
        const large = await openWorld(bench, { rooms, perRoom: perRoomLarge, archived: 0 })
        const rows = await startRows(bench, large, starts, LARGE_START_GOAL_TIMES)
        await large.close()
        return rows
      }
    }
  ]
}
