// n people in one room, all sending as fast as the window lets them: the relay against `ws` alone, taking turns, medians.
import { median, quantile, sumOf } from '../histogram.ts'
import type { LoadPlan, Sample, Seat } from '../plan.ts'
import { startLoad, startRawServer, startRelayProcess } from '../processes.ts'
import type { Load, Server } from '../processes.ts'
import { grouped, rounded, wait } from '../row.ts'
import type { Bench, Row, StorageKind } from '../row.ts'
import { seed } from '../seed.ts'
import { newId } from '../../protocol/values.ts'

/** Makes a message's record about 300 bytes; what it comes to is printed. */
const BODY_CHARS = 44
/** The baseline has one packet per message: more under way only lengthens its queue. */
const RAW_WINDOW = 64
const PATIENCE_MS = 15_000
/** At least this many times what `ws` alone delivers, with 1,000 people. */
const GOAL_TIMES = 20
const GOAL_P99_MS = 250

interface Run {
  deliveriesPerSecond: number
  messagesPerSecond: number
  recordsPerFrame: number
  p50Ms: number
  p99Ms: number
  ackP50Ms: number
  ackP99Ms: number
  recordBytes: number
  /** Of one core. */
  serverCpu: number
  verified: number
}

interface Setting {
  people: number
  verifyEvery: number
  perPush: number
}

export async function roomRows(bench: Bench): Promise<Row[]> {
  const { perPush } = bench.options
  const usual = { verifyEvery: 50, perPush }
  const rows: Row[] = []
  for (const people of [10, 100, 1_000]) rows.push(await compare(bench, { ...usual, people }))
  if (!bench.options.quick) rows.push(await compare(bench, { ...usual, people: 1_000, perPush: 1 }))
  rows.push(await compare(bench, { ...usual, people: 1_000, verifyEvery: 1 }))
  return rows
}

async function compare(bench: Bench, setting: Setting): Promise<Row> {
  const { people, verifyEvery, perPush } = setting
  const all = verifyEvery === 1
  const raws: Run[] = []
  const relays: Run[] = []
  for (let turn = 0; turn < bench.options.sizes.runs; turn++) {
    raws.push(await runRaw(bench, setting))
    relays.push(await runRelay(bench, setting))
    bench.say(
      `  ${people} people${all ? ', all parse' : ''}: ws alone ${grouped(raws.at(-1)?.deliveriesPerSecond ?? NaN)}/s, relay ${grouped(relays.at(-1)?.deliveriesPerSecond ?? NaN)}/s`
    )
  }
  const of = (runs: Run[], key: keyof Run): number => median(runs.map((run) => run[key]))
  const times = of(relays, 'deliveriesPerSecond') / of(raws, 'deliveriesPerSecond')
  const p99 = of(relays, 'p99Ms')
  const values: Row['values'] = { people, verifyEvery, perPush, times: rounded(times, 1) }
  for (const key of Object.keys(relays[0] ?? {}) as (keyof Run)[]) {
    values[`relay_${key}`] = rounded(of(relays, key))
    values[`raw_${key}`] = rounded(of(raws, key))
  }
  values['relay_runs_deliveriesPerSecond'] = relays.map((run) => Math.round(run.deliveriesPerSecond))
  values['raw_runs_deliveriesPerSecond'] = raws.map((run) => Math.round(run.deliveriesPerSecond))
  const counts = !all && perPush > 1 && people === 1_000
  return {
    name: `room ${people}${all ? ' all parse' : ''}${perPush === 1 ? ' one per push' : ''}`,
    figure:
      `${grouped(of(relays, 'deliveriesPerSecond'))} deliveries/s = ${rounded(times, 1)} × ws alone (${grouped(of(raws, 'deliveriesPerSecond'))}), ` +
      `p50 ${rounded(of(relays, 'p50Ms'), 0)} ms p99 ${rounded(p99, 0)} ms, ${grouped(of(relays, 'messagesPerSecond'))} messages/s, ` +
      `${rounded(of(relays, 'recordsPerFrame'), 0)} per frame, record ${rounded(of(relays, 'recordBytes'), 0)} B (ws: ${rounded(of(raws, 'recordBytes'), 0)} B)`,
    ...(counts
      ? { goal: `≥ ${GOAL_TIMES} ×, p99 ≤ ${GOAL_P99_MS} ms`, met: times >= GOAL_TIMES && p99 <= GOAL_P99_MS }
      : {}),
    values
  }
}

/** PostgreSQL against lowdb, taking turns. */
export async function postgresRows(bench: Bench): Promise<Row[]> {
  const setting = { people: 1_000, verifyEvery: 50, perPush: bench.options.perPush }
  const runs: Record<StorageKind, Run[]> = { lowdb: [], postgres: [] }
  for (let turn = 0; turn < bench.options.sizes.runs; turn++) {
    for (const storage of ['lowdb', 'postgres'] as const) runs[storage].push(await runRelay(bench, setting, storage))
  }
  const rate = (storage: StorageKind): number => median(runs[storage].map((run) => run.deliveriesPerSecond))
  const p99 = (storage: StorageKind): number => median(runs[storage].map((run) => run.p99Ms))
  const share = rate('postgres') / rate('lowdb')
  return [
    {
      name: 'postgres 1000',
      figure: `${grouped(rate('postgres'))} deliveries/s = ${rounded(share)} × lowdb (${grouped(rate('lowdb'))}), p99 ${rounded(p99('postgres'), 0)} ms (${rounded(p99('lowdb'), 0)} ms)`,
      goal: '≥ 0.5 × lowdb',
      met: share >= 0.5,
      values: {
        share: rounded(share),
        postgres: rate('postgres'),
        lowdb: rate('lowdb'),
        postgresP99Ms: p99('postgres')
      }
    }
  ]
}

async function runRaw(bench: Bench, setting: Setting): Promise<Run> {
  const server = await startRawServer()
  const seats = Array.from({ length: setting.people }, () => ({ userId: newId(), deviceId: newId(), token: '' }))
  return measure(bench, setting, server, { target: 'raw', roomId: newId(), seats })
}

async function runRelay(bench: Bench, setting: Setting, storage: StorageKind = 'lowdb'): Promise<Run> {
  const place = await bench.newPlace(storage)
  const { roomId, seats } = await seed(place, { people: setting.people, bodyChars: BODY_CHARS })
  const { profile } = bench.options
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const server = await startRelayProcess({ ...place, nodeArgs })
  return measure(bench, setting, server, { target: 'relay', roomId, seats })
}

async function measure(
  { options }: Bench,
  { verifyEvery, perPush, people }: Setting,
  server: Server,
  { target, roomId, seats }: { target: 'raw' | 'relay'; roomId: string; seats: Seat[] }
): Promise<Run> {
  const generators = Math.min(options.generators, people)
  const window = Math.ceil((target === 'raw' ? RAW_WINDOW : options.window) / generators)
  const share = Math.ceil(people / generators)
  const plans = Array.from({ length: generators }, (_, index): LoadPlan => {
    const firstNumber = index * share
    const own = seats.slice(firstNumber, firstNumber + share)
    const port = server.port
    return { target, port, roomId, seats: own, firstNumber, verifyEvery, window, perPush, bodyChars: BODY_CHARS }
  })
  const load = await startLoad(plans)
  load.go()
  await wait(options.sizes.warmUpMs)
  await load.reset()
  const [before, cpuBefore] = [await load.sample(), await cpuOf(server, target)]
  await wait(options.sizes.measureMs)
  const [after, cpuAfter] = [await load.sample(), await cpuOf(server, target)]
  // What is not answered by then is missing among what arrived.
  await Promise.race([load.pause(), wait(PATIENCE_MS)])
  await everythingArrived(load)
  const outcomes = await load.finish()
  await server.stop()

  const faults = outcomes.flatMap((outcome) => outcome.faults)
  const sent = outcomes.reduce((sum, outcome) => sum + outcome.sent, 0)
  for (const [client, received] of outcomes.flatMap(({ perClient }) => perClient).entries()) {
    if (received !== sent) faults.push(`client ${client} got ${received} of ${sent} messages`)
  }
  if (faults.length > 0) throw new Error(`${target} with ${people} people: ${faults.slice(0, 10).join('; ')}`)

  const rate = (key: keyof Sample): number =>
    after.reduce((sum, sample, index) => {
      const since = before[index]
      return since ? sum + ((sample[key] - since[key]) / (sample.at - since.at)) * 1e6 : sum
    }, 0)
  const deliveryMs = sumOf(outcomes.map((outcome) => outcome.deliveryMs))
  const ackMs = sumOf(outcomes.map((outcome) => outcome.ackMs))
  const seconds = ((after[0]?.at ?? 0) - (before[0]?.at ?? 0)) / 1e6
  return {
    deliveriesPerSecond: rate('deliveries'),
    messagesPerSecond: rate('accepted'),
    recordsPerFrame: rate('deliveries') / rate('frames'),
    p50Ms: quantile(deliveryMs, 0.5) ?? NaN,
    p99Ms: quantile(deliveryMs, 0.99) ?? NaN,
    ackP50Ms: quantile(ackMs, 0.5) ?? NaN,
    ackP99Ms: quantile(ackMs, 0.99) ?? NaN,
    recordBytes: outcomes.find(({ recordBytes }) => recordBytes > 0)?.recordBytes ?? NaN,
    serverCpu: (cpuAfter - cpuBefore) / seconds,
    verified: outcomes.reduce((sum, { verified }) => sum + verified, 0)
  }
}

/** Seconds of CPU so far. */
async function cpuOf(server: Server, target: 'raw' | 'relay'): Promise<number> {
  if (target === 'raw') return 0
  const { cpu } = await server.figures()
  return (cpu.user + cpu.system) / 1e6
}

/** Until nothing comes any more. */
async function everythingArrived(load: Load): Promise<void> {
  const total = async (): Promise<number> => (await load.sample()).reduce((sum, { deliveries }) => sum + deliveries, 0)
  for (let last = -1, now = await total(); now !== last;) {
    await wait(300)
    ;[last, now] = [now, await total()]
  }
}
