// A relay process that is killed: PostgreSQL lets go of its lock, and the next one has all that was acknowledged.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readPages, ROOM, upTo, uuid } from '../contract/fixtures.ts'
import { sizeOf } from '../testing/test-size.ts'
import { openPostgresStorage } from './storage.ts'
import { usePostgres } from './testing/database.ts'

const SCRIPT = fileURLToPath(new URL('testing/killed-relay.ts', import.meta.url))
const KILLS = sizeOf('MARU_KILLS', { usual: 3, long: 50 })

/** Runs the process until it has acknowledged `count` commits, kills it, and says what it said. */
async function runAndKill(url: string, count: number): Promise<{ epoch: number; acknowledged: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const said: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(Number(line))
    if (said.length === count + 1) child.kill('SIGKILL')
  }
  await ended
  return { epoch: said[0] ?? 0, acknowledged: Math.max(0, ...said.slice(1)) }
}

describe('on PostgreSQL', () => {
  const database = usePostgres()

  it(
    `[S1] [S10.1] a relay that is killed ${KILLS} times while it commits loses nothing that it acknowledged`,
    { timeout: 30_000 + KILLS * 10_000 },
    async () => {
      const url = await database().place()
      let former = { epoch: 0, acknowledged: 0 }
      for (let kill = 0; kill < KILLS; kill++) {
        const run = await runAndKill(url, 5 + ((kill * 37) % 60))
        expect(run.epoch).toBeGreaterThan(former.epoch)
        former = { epoch: run.epoch, acknowledged: Math.max(former.acknowledged, run.acknowledged) }
        const storage = await openPostgresStorage({ url })
        const stored = (await readPages(storage, ROOM, { limit: 500, maxBytes: 1e9 })).flat()
        // One commit may have been stored without its acknowledgement having been said.
        expect([0, 1]).toContain(stored.length - former.acknowledged)
        expect(stored.map(({ seq, id }) => [seq, id])).toEqual(upTo(stored.length).map((n) => [n, uuid('message', n)]))
        former.epoch = storage.epoch
        former.acknowledged = stored.length
        await storage.close()
      }
    }
  )
})
