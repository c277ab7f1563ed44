// A real relay as a process of its own, on a data directory that outlives its deaths.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const relayFile = resolve(import.meta.dirname, '../dist-server/main.js')

export interface RelayOptions {
  registration?: 'open' | 'invite' | 'closed'
  corsOrigins?: string
  args?: string[]
  /** More settings, and others than these. */
  env?: Record<string, string>
  /** Another copy of the built relay (main.js, with its web client in ../dist-web). */
  program?: string
}

export class RelayProcess {
  /** Everything that it printed, over all its lives. */
  readonly output: string[] = []
  port = 0
  ownerCode: string | undefined
  readonly #dataDir: string
  readonly #options: RelayOptions
  #child: ChildProcess | undefined

  private constructor(dataDir: string, options: RelayOptions) {
    this.#dataDir = dataDir
    this.#options = options
  }

  static async start(options: RelayOptions = {}): Promise<RelayProcess> {
    const relay = new RelayProcess(await mkdtemp(join(tmpdir(), 'maru-relay-')), options)
    await relay.start()
    return relay
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it (again), on the same data and, after the first time, the same port; resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', this.#options.program ?? relayFile, ...(this.#options.args ?? [])],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          PORT: String(this.port),
          DATA_DIR: this.#dataDir,
          REGISTRATION: this.#options.registration ?? 'open',
          RATE_LIMIT: 'off',
          CORS_ORIGINS: this.#options.corsOrigins ?? '',
          ...this.#options.env
        },
        stdio: ['ignore', 'pipe', 'pipe']
      }
    )
    this.#child = child
    createInterface(child.stderr).on('line', (line) => this.output.push(line))
    const lines = createInterface(child.stdout)
    const ready = new Promise<void>((resolveReady, reject) => {
      lines.on('line', (line) => {
        this.output.push(line)
        const address = /ready at https?:\/\/[^:/]+:(\d+)/.exec(line)
        if (!address) return
        this.port = Number(address[1])
        this.ownerCode = /owner code: ([A-Z0-9-]+)/.exec(line)?.[1]
        resolveReady()
      })
      child.once('exit', (code) =>
        reject(new Error(`the relay ended with ${code} before it was ready:\n${this.output.join('\n')}`))
      )
    })
    await ready
  }

  /** SIGKILL: no flush, no farewell. */
  async kill(): Promise<void> {
    await this.#end(['SIGKILL'])
  }

  /** Asks it to stop, with these signals at one moment; resolves with the exit code. */
  async stop(...signals: NodeJS.Signals[]): Promise<number | null> {
    return this.#end(signals)
  }

  /** A copy of its data in another folder, as people make it who stop it first. Only while it is stopped. */
  async copyDataTo(folder: string): Promise<void> {
    await cp(this.#dataDir, folder, { recursive: true })
  }

  /** Puts such a copy in the place of its data. Only while it is stopped. */
  async restoreDataFrom(folder: string): Promise<void> {
    await rm(this.#dataDir, { recursive: true })
    await cp(folder, this.#dataDir, { recursive: true })
  }

  async dispose(): Promise<void> {
    await this.#end(['SIGKILL'])
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  async #end(signals: readonly NodeJS.Signals[]): Promise<number | null> {
    const child = this.#child
    if (!child) return null
    this.#child = undefined
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      for (const signal of signals) child.kill(signal)
      await exited
    }
    return child.exitCode
  }
}
