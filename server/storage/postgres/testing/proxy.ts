// Stands between a relay and PostgreSQL, byte for byte, and can lose answers, cut connections and refuse new ones.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOCKET = '.s.PGSQL.5432'

interface Pair {
  relay: Socket
  database: Socket
  /** Nothing goes from the database to the relay any more. */
  deaf: boolean
}

export class DatabaseProxy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'maru-proxy-'))
  readonly #target: string
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  /** The answers to commits go nowhere, and what follows them neither. */
  losesAnswers = false
  /** New connections are closed at once. */
  refuses = false

  private constructor(target: string) {
    this.#target = target
    this.#server = createServer((relay) => this.#accept(relay))
  }

  /** @param folder of the server's socket */
  static async start(folder: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(join(folder, SOCKET))
    await new Promise<void>((resolve) => proxy.#server.listen(join(proxy.#folder, SOCKET), resolve))
    return proxy
  }

  /** The same address, by way of this. */
  through(url: string): string {
    const { username, pathname, search } = new URL(url)
    return `postgres://${username}@${encodeURIComponent(this.#folder)}${pathname}${search}`
  }

  /** @param halves also the database's halves; without them it goes on as if nothing had happened, as after a router died */
  cut({ halves = true } = {}): void {
    for (const pair of this.#pairs) {
      pair.relay.destroy()
      if (halves) pair.database.destroy()
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #accept(relay: Socket): void {
    if (this.refuses) return void relay.destroy()
    const database = connect(this.#target)
    const pair = { relay, database, deaf: false }
    this.#pairs.add(pair)
    relay.on('data', (bytes) => {
      if (this.losesAnswers && bytes.includes('commit_changes')) pair.deaf = true
      database.write(bytes)
    })
    database.on('data', (bytes) => {
      if (!pair.deaf && !relay.destroyed) relay.write(bytes)
    })
    relay.on('end', () => database.end())
    database.on('close', () => {
      this.#pairs.delete(pair)
      relay.destroy()
    })
    // Cut connections and a server that was stopped are what this is for: the other half learns of it by `close`.
    for (const half of [relay, database]) half.on('error', () => half.destroy())
  }
}
