// A real relay as a process of its own, from the sources, on a data directory that the test owns.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../main.ts', import.meta.url))

export interface Reply<T> {
  status: number
  body: T
}

export class RelayProcess {
  readonly url: string
  /** What it said on stderr: its log, a line each. */
  readonly log: string[]
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string, log: string[]) {
    this.#child = child
    this.url = url
    this.log = log
  }

  /** Resolves when it serves. @throws Error with what it said on stderr if it ends before */
  static async start(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<RelayProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
      env: { PATH: '', PORT: '0', DATA_DIR: dataDir, REGISTRATION: 'open', RATE_LIMIT: 'off', ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const log: string[] = []
    const said = createInterface({ input: child.stderr })
    said.on('line', (line) => log.push(line))
    const ended = once(said, 'close').then(() => Promise.reject(new Error(log.join('\n'))))
    const ready = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const address = /ready at (http:\S+)/.exec(line)?.[1]
        if (address !== undefined) resolve(address)
      })
    })
    const url = await Promise.race([ready, ended])
    ended.catch(() => undefined)
    return new RelayProcess(child, url, log)
  }

  /** @returns the exit code */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit')
      this.#child.kill(signal)
      await exited
    }
    return this.#child.exitCode
  }

  /** Whether it was ended; waits a moment for the news of a death that others have felt already. */
  async isDead(): Promise<boolean> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return true
    return Promise.race([
      once(this.#child, 'exit').then(() => true),
      this.ask('GET', '/healthz').then(({ status }) => status !== 200)
    ]).catch(() => true)
  }

  /** A JSON request; `T` is what the test expects of the body. */
  async ask<T>(method: string, path: string, more: { token?: string; json?: unknown } = {}): Promise<Reply<T>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        'content-type': 'application/json',
        ...(more.token !== undefined && { authorization: `Bearer ${more.token}` })
      },
      ...(more.json !== undefined && { body: JSON.stringify(more.json) })
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
  }
}
