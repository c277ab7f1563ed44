// How long a message takes to be acknowledged on an idle machine, and how much of that is the disk's.
import { connectWriters, MESSAGES_PER_SECOND } from '../paced.ts'
import { startRelayProcess } from '../processes.ts'
import { rounded } from '../row.ts'
import type { Bench, Row } from '../row.ts'
import { seed } from '../seed.ts'

const BODY_CHARS = 44
const GOAL = { p50Ms: 2, p99Ms: 20 }
const WARM_UP_MS = 2_000

export async function ackRows(bench: Bench): Promise<Row[]> {
  const place = await bench.newPlace()
  const seeded = await seed(place, { people: 10, bodyChars: BODY_CHARS })
  const server = await startRelayProcess(place)
  const writers = await connectWriters(server.port, seeded, BODY_CHARS)
  await writers.write(WARM_UP_MS)
  const before = await server.figures()
  const { p50Ms, p99Ms, messages } = await writers.write(bench.options.sizes.ackMs)
  const after = await server.figures()
  writers.close()
  await server.stop()

  const flushes = after.fsync.count - before.fsync.count
  const fsyncMs = (after.fsync.ms - before.fsync.ms) / flushes
  const share = fsyncMs / p50Ms
  return [
    {
      name: `ack at ${MESSAGES_PER_SECOND}/s`,
      figure: `p50 ${rounded(p50Ms)} ms, p99 ${rounded(p99Ms)} ms; an fsync takes ${rounded(fsyncMs)} ms = ${Math.round(share * 100)} % of the p50 (${flushes} for ${messages} messages)`,
      goal: `p50 ≤ ${GOAL.p50Ms} ms, p99 ≤ ${GOAL.p99Ms} ms`,
      met: p50Ms <= GOAL.p50Ms && p99Ms <= GOAL.p99Ms,
      values: {
        p50Ms: rounded(p50Ms),
        p99Ms: rounded(p99Ms),
        fsyncMs: rounded(fsyncMs, 3),
        fsyncShare: rounded(share),
        flushes,
        messages
      }
    }
  ]
}
