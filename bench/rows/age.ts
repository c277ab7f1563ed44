// What a long history costs: sending, starting, memory. The old relay is compared with a young one in the same run.
import { median } from '../histogram.ts'
import { connectWriters } from '../paced.ts'
import { startLoad, startRelayProcess } from '../processes.ts'
import { grouped, rounded, wait } from '../row.ts'
import type { Bench, Row } from '../row.ts'
import { seed } from '../seed.ts'
import type { Place, Seeded } from '../seed.ts'

const BODY_CHARS = 44
const YOUNG_MESSAGES = 1_000
const IDLE_CONNECTIONS = 1_000
const OTHER_ROOMS = 99
const SLICE_MS = 1_500
const GOAL = { ratio: 1.2, startMs: 1_000, memoryMb: 100 }
const MB = 1_000_000

interface Aged {
  place: Place
  seeded: Seeded
}

export async function ageRows(bench: Bench): Promise<Row[]> {
  const { stored } = bench.options.sizes
  const make = async (people: number, messages: number, otherRooms: number): Promise<Aged> => {
    const place = await bench.newPlace()
    return { place, seeded: await seed(place, { people, messages, otherRooms, bodyChars: BODY_CHARS }) }
  }
  const began = performance.now()
  const old = await make(IDLE_CONNECTIONS, stored, OTHER_ROOMS)
  bench.say(`  stored ${grouped(stored)} messages in ${rounded((performance.now() - began) / 1000, 1)} s`)
  // As many people on both sides: the history is what is compared.
  const young = await make(IDLE_CONNECTIONS, YOUNG_MESSAGES, 0)
  const empty = await make(1, 0, 0)
  return [await sending(bench, old, young), await starting(bench, old, empty), await holding(bench, old, empty)]
}

async function sending(bench: Bench, old: Aged, young: Aged): Promise<Row> {
  const { stored, agePairs } = bench.options.sizes
  const relays = []
  for (const { place, seeded } of [young, old]) {
    const server = await startRelayProcess(place)
    const writers = await connectWriters(server.port, seeded, BODY_CHARS)
    await writers.write(SLICE_MS)
    relays.push({ server, writers, p50s: [] as number[], p99s: [] as number[] })
  }
  for (let turn = 0; turn < agePairs; turn++) {
    for (const { writers, p50s, p99s } of turn % 2 === 0 ? relays : relays.toReversed()) {
      const { p50Ms, p99Ms } = await writers.write(SLICE_MS)
      p50s.push(p50Ms)
      p99s.push(p99Ms)
    }
  }
  for (const { server, writers } of relays) {
    writers.close()
    await server.stop()
  }
  const [youngMs = NaN, oldMs = NaN] = relays.map(({ p50s }) => median(p50s))
  const [youngP99 = NaN, oldP99 = NaN] = relays.map(({ p99s }) => median(p99s))
  const ratio = oldMs / youngMs
  return {
    name: 'sending, old relay',
    figure: `with ${grouped(stored)} stored p50 ${rounded(oldMs)} ms, p99 ${rounded(oldP99)} ms; with ${grouped(YOUNG_MESSAGES)} p50 ${rounded(youngMs)} ms, p99 ${rounded(youngP99)} ms; ratio of the p50s ${rounded(ratio)}`,
    goal: `ratio ≤ ${GOAL.ratio}`,
    met: ratio <= GOAL.ratio,
    values: {
      stored,
      oldP50Ms: rounded(oldMs),
      youngP50Ms: rounded(youngMs),
      oldP99Ms: rounded(oldP99),
      youngP99Ms: rounded(youngP99),
      ratio: rounded(ratio, 3)
    }
  }
}

async function starting(bench: Bench, old: Aged, empty: Aged): Promise<Row> {
  const { stored, starts } = bench.options.sizes
  const [emptyMs, oldMs]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < starts; turn++) {
    for (const [{ place }, times] of [
      [empty, emptyMs],
      [old, oldMs]
    ] as const) {
      const server = await startRelayProcess(place)
      times.push(server.startMs)
      await server.stop()
    }
  }
  const longer = median(oldMs) - median(emptyMs)
  return {
    name: 'start, old relay',
    figure: `${rounded(median(oldMs), 0)} ms with ${grouped(stored)} messages, ${rounded(median(emptyMs), 0)} ms empty: ${rounded(longer, 0)} ms longer`,
    goal: `≤ ${GOAL.startMs} ms longer`,
    met: longer <= GOAL.startMs,
    values: {
      stored,
      oldMs: rounded(median(oldMs), 0),
      emptyMs: rounded(median(emptyMs), 0),
      longerMs: rounded(longer, 0)
    }
  }
}

/** Heap and external memory after forced collections. */
async function holding(bench: Bench, old: Aged, empty: Aged): Promise<Row> {
  const measure = async ({ place, seeded }: Aged, connections: number): Promise<{ heldMb: number; rssMb: number }> => {
    const server = await startRelayProcess(place)
    const { roomId, seats } = seeded
    const plan = {
      target: 'relay',
      port: server.port,
      roomId,
      firstNumber: 0,
      verifyEvery: 50,
      window: 0,
      perPush: 1,
      bodyChars: 0
    } as const
    const load = await startLoad(connections === 0 ? [] : [{ ...plan, seats: seats.slice(0, connections) }])
    await wait(1_000)
    const { memory } = await server.figures('collect')
    await load.finish()
    await server.stop()
    return { heldMb: (memory.heapUsed + memory.external) / MB, rssMb: memory.rss / MB }
  }
  const [none, full] = [await measure(empty, 0), await measure(old, IDLE_CONNECTIONS)]
  const { stored } = bench.options.sizes
  const more = full.heldMb - none.heldMb
  return {
    name: 'memory, old relay',
    figure: `heap and external ${rounded(full.heldMb, 0)} MB with ${grouped(stored)} messages and ${grouped(IDLE_CONNECTIONS)} idle connections, ${rounded(none.heldMb, 0)} MB empty: ${rounded(more, 0)} MB more (RSS ${rounded(full.rssMb, 0)} and ${rounded(none.rssMb, 0)} MB)`,
    goal: `≤ ${GOAL.memoryMb} MB more`,
    met: more <= GOAL.memoryMb,
    values: {
      stored,
      heldMb: rounded(full.heldMb, 1),
      emptyHeldMb: rounded(none.heldMb, 1),
      moreMb: rounded(more, 1),
      rssMb: rounded(full.rssMb, 1),
      emptyRssMb: rounded(none.rssMb, 1)
    }
  }
}
