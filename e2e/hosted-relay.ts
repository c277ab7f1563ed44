// A relay as the desktop app hosts it: the built entry in a process of its own, by the line between the two (protocol/hosting.ts).
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { hostTidingsSchema } from '../protocol/hosting.ts'
import type { HostCommand, HostTidings } from '../protocol/hosting.ts'
import type { Machine } from './small-lan.ts'

const builtEntry = resolve(import.meta.dirname, '../dist-server/host.js')
export const webRoot = resolve(import.meta.dirname, '../dist-web')

export class HostedRelay {
  readonly told: HostTidings[] = []
  log = ''
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>
  readonly #waiting: (() => void)[] = []

  /** @param machine on which it runs; this one, unless said otherwise */
  constructor({ machine, entry = builtEntry }: { machine?: Machine; entry?: string }) {
    // As Electron's utility process gets it: nothing of it comes from the environment.
    const args = ['--enable-source-maps', entry]
    const options = { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] as ('ignore' | 'pipe' | 'ipc')[] }
    this.#child = machine ? machine.spawn(process.execPath, args, options) : spawn(process.execPath, args, options)
    this.#exited = once(this.#child, 'exit')
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text))
    this.#child.on('message', (message) => {
      this.told.push(hostTidingsSchema.parse(message))
      for (const wake of this.#waiting.splice(0)) wake()
    })
    void this.#exited.then(() => {
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  command(command: HostCommand): void {
    this.#child.send(command)
  }

  /** The first tidings of the kind that are as wanted, also of before. */
  async tells<T extends HostTidings['type']>(type: T, is: (each: HostTidings & { type: T }) => boolean = () => true) {
    for (;;) {
      const found = this.told.find((each): each is HostTidings & { type: T } => each.type === type && is(each as never))
      if (found) return found
      const failed = this.told.find((each) => each.type === 'failed' || each.type === 'backup-failed')
      if (failed) throw new Error(failed.detail)
      if (this.#child.exitCode !== null) throw new Error(`the relay ended without telling ${type}:\n${this.log}`)
      await new Promise<void>((wake) => this.#waiting.push(wake))
    }
  }

  /** As an app that goes without a word. */
  letGo(): void {
    this.#child.disconnect()
  }

  /** The exit code, once it has ended; it is ended with the network at the latest. */
  async ended(): Promise<unknown> {
    return (await this.#exited)[0]
  }
}
