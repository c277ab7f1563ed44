// A busy room in which many connections stop reading, again and again: what that does to the relay's memory and to the others.
import { WebSocket } from 'ws'
import { quantile, sumOf } from '../histogram.ts'
import type { Seat } from '../plan.ts'
import { startLoad, startRelayProcess } from '../processes.ts'
import { grouped, rounded, wait } from '../row.ts'
import type { Bench, Row } from '../row.ts'
import { seed } from '../seed.ts'

const BODY_CHARS = 1_000
const READERS = 20
const STALLED = 40
/** As often, as many again connect and stop reading, as devices do that come back. */
const AGAIN_MS = 5_000
const LOOK_MS = 1_000
/** With these bodies, still a hint that holds its records. */
const WINDOW = 60
const PER_PUSH = 10
const MB = 1_000_000

interface Run {
  heldMb: number
  rssMb: number
  p99Ms: number
  messagesPerSecond: number
  cut: number
}

export async function stalledRows(bench: Bench): Promise<Row[]> {
  const alone = await run(bench, 0)
  const stalled = await run(bench, STALLED)
  const more = stalled.heldMb - alone.heldMb
  return [
    {
      name: 'stalled readers',
      figure:
        `${STALLED} every ${AGAIN_MS / 1000} s, ${stalled.cut} cut off: at most ${rounded(stalled.heldMb, 0)} MB heap and external (RSS ${rounded(stalled.rssMb, 0)} MB), ` +
        `without them ${rounded(alone.heldMb, 0)} MB (RSS ${rounded(alone.rssMb, 0)} MB); readers' p99 ${rounded(stalled.p99Ms, 0)} ms, without ${rounded(alone.p99Ms, 0)} ms; ` +
        `${grouped(stalled.messagesPerSecond)} messages/s, without ${grouped(alone.messagesPerSecond)}`,
      values: { moreMb: rounded(more, 0), ...named('stalled', stalled), ...named('alone', alone) }
    }
  ]
}

function named(prefix: string, values: Run): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, rounded(value as number)])
  )
}

async function run(bench: Bench, stalled: number): Promise<Run> {
  const place = await bench.newPlace()
  const { roomId, seats } = await seed(place, { people: READERS + STALLED, bodyChars: BODY_CHARS })
  const server = await startRelayProcess(place)
  const plan = { target: 'relay', port: server.port, roomId, firstNumber: 0, verifyEvery: 1 } as const
  const load = await startLoad([
    { ...plan, seats: seats.slice(0, READERS), window: WINDOW, perPush: PER_PUSH, bodyChars: BODY_CHARS }
  ])
  const sockets: WebSocket[] = []
  load.go()
  const [before] = await load.sample()
  let [heldMb, rssMb] = [0, 0]
  const began = performance.now()
  for (let round = 0; performance.now() - began < bench.options.sizes.stalledMs;) {
    if (performance.now() - began >= round * AGAIN_MS) {
      round += 1
      const stalling = seats.slice(READERS, READERS + stalled).map((seat) => stall(server.port, seat))
      sockets.push(...(await Promise.all(stalling)))
    }
    await wait(LOOK_MS)
    const { memory } = await server.figures('collect')
    heldMb = Math.max(heldMb, (memory.heapUsed + memory.external) / MB)
    rssMb = Math.max(rssMb, memory.rss / MB)
  }
  const [after] = await load.sample()
  await load.pause()
  const outcomes = await load.finish()
  const cut = server.logged('cut off')
  for (const socket of sockets) socket.terminate()
  await server.stop()
  const faults = outcomes.flatMap((outcome) => outcome.faults)
  if (faults.length > 0) throw new Error(faults.slice(0, 5).join('; '))
  const seconds = ((after?.at ?? 0) - (before?.at ?? 0)) / 1e6
  return {
    heldMb,
    rssMb,
    p99Ms: quantile(sumOf(outcomes.map(({ deliveryMs }) => deliveryMs)), 0.99) ?? NaN,
    messagesPerSecond: ((after?.accepted ?? 0) - (before?.accepted ?? 0)) / seconds,
    cut
  }
}

/** Resolves once it is welcomed; it reads nothing from then on. */
function stall(port: number, { token }: Seat): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const frame = data.toString('latin1', 0, 40)
      if (frame.startsWith('0')) socket.send(`40${JSON.stringify({ token, protocol: 1 })}`)
      if (frame.startsWith('42["relay:welcome"')) {
        socket.pause()
        resolve(socket)
      }
    })
  })
}
