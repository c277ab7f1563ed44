// A relay process that is killed: the kernel lets go of its lock, and the next one has all that was acknowledged.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { readPages, ROOM, upTo, uuid } from '../contract/fixtures.ts'
import { TestDirectory } from './testing/directory.ts'

const SCRIPT = fileURLToPath(new URL('testing/killed-relay.ts', import.meta.url))
const KILLS = 4

let directory: TestDirectory
afterEach(() => directory.dispose())

/** Runs the process until it has acknowledged `count` commits, kills it, and says what it said. */
async function runAndKill(dataDir: string, count: number): Promise<{ epoch: number; acknowledged: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const said: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(Number(line))
    if (said.length === count + 1) child.kill('SIGKILL')
  }
  await ended
  return { epoch: said[0] ?? 0, acknowledged: said.at(-1) ?? 0 }
}

it('[S1] [S10.1] a killed relay loses nothing that it acknowledged, and the next one may start at once', async () => {
  directory = await TestDirectory.make()
  let epoch = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    const said = await runAndKill(directory.path, 150 * kill + 7)
    expect(said.epoch).toBeGreaterThan(epoch)
    const storage = await directory.open()
    const headSeq = await storage.headSeq(ROOM)
    expect(headSeq).toBeGreaterThanOrEqual(said.acknowledged)
    expect(headSeq).toBeLessThanOrEqual(said.acknowledged + 1)
    const messages = (await readPages(storage, ROOM, { limit: 200, maxBytes: 10_000_000 })).flat()
    expect(messages.map(({ id }) => id)).toEqual(upTo(headSeq).map((n) => uuid('message', n)))
    expect(messages.map(({ rev }) => rev)).toEqual(upTo(headSeq))
    epoch = storage.epoch
    await storage.close()
  }
}, 60_000)
