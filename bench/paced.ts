// A few people who write in turns at a steady pace, and how long each message takes to be acknowledged.
import { newTally } from './load/client.ts'
import type { Client, Tally } from './load/client.ts'
import { createRelayClient } from './load/relay-client.ts'
import { quantile } from './histogram.ts'
import type { Seeded } from './seed.ts'
import { wait } from './row.ts'

export const MESSAGES_PER_SECOND = 100
const WRITERS = 10

export interface Writers {
  /** Writes for so long and resolves when all is answered. */
  write(ms: number): Promise<{ p50Ms: number; p99Ms: number; messages: number }>
  close(): void
}

/** Connects the first ten people. */
export async function connectWriters(port: number, { roomId, seats }: Seeded, bodyChars: number): Promise<Writers> {
  const faults: string[] = []
  const tally: Tally = newTally((text) => faults.push(text))
  const clients = seats
    .slice(0, WRITERS)
    .map((seat, number) => createRelayClient({ port, roomId, seat, number, verifying: false, bodyChars, tally }))
  await Promise.all(clients.map((client) => client.connect()))
  const idle: Client[] = [...clients]

  return {
    async write(ms) {
      tally.ackMs.fill(0)
      const before = tally.accepted
      const began = performance.now()
      // Who is late catches up: the pace does not sink with the relay's.
      for (let due = 0; performance.now() - began < ms; due += 1000 / MESSAGES_PER_SECOND) {
        const pause = began + due - performance.now()
        if (pause > 0) await wait(pause)
        const client = idle.shift()
        client?.send(1, () => idle.push(client))
      }
      while (idle.length < clients.length) await wait(5)
      if (faults.length > 0) throw new Error(faults.slice(0, 5).join('; '))
      const { ackMs } = tally
      return {
        p50Ms: quantile(ackMs, 0.5) ?? NaN,
        p99Ms: quantile(ackMs, 0.99) ?? NaN,
        messages: tally.accepted - before
      }
    },
    close: () => clients.forEach((client) => client.close())
  }
}
