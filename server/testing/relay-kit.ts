// A whole relay in this process, on a free port and a directory of its own, for tests that speak to it as people's devices do.
import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerOptions } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '../../protocol/errors.ts'
import { createPasswords } from '../auth/passwords.ts'
import type { Passwords } from '../auth/passwords.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Config } from '../config.ts'
import { silentLog } from '../log.ts'
import type { Log } from '../log.ts'
import { startRelay } from '../relay.ts'
import type { Relay } from '../relay.ts'
import { openLowdbStorage } from '../storage/lowdb/storage.ts'
import type { Storage } from '../storage/port.ts'
import { TestDevice } from './test-device.ts'
import type { Person } from './test-device.ts'

/** Hashes that cost nothing. */
export const cheapPasswords = createPasswords({ N: 2 ** 4, r: 1, p: 1 })

export interface TestRelayOptions {
  config?: Partial<Config>
  now?: Clock
  /** Instead of the process's own. */
  timer?: Timer
  log?: Log
  webRoot?: string
  /** Puts something between the relay and its storage. */
  wrapStorage?: (storage: Storage) => Storage
  openStorage?: (dataDir: string) => Promise<Storage>
  /** Instead of hashes that cost nothing. */
  passwords?: Passwords
  httpBounds?: ServerOptions
}

export interface RestAnswer<T> {
  status: number
  headers: Headers
  body: T
}

export interface RestRequest {
  token?: string
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  text?: string
  headers?: Record<string, string>
}

export class TestRelay {
  relay: Relay
  readonly dataDir: string
  readonly #options: TestRelayOptions
  readonly #devices: TestDevice[] = []

  private constructor(relay: Relay, dataDir: string, options: TestRelayOptions) {
    this.relay = relay
    this.dataDir = dataDir
    this.#options = options
  }

  static async start(options: TestRelayOptions = {}): Promise<TestRelay> {
    const dataDir = await mkdtemp(join(tmpdir(), 'maru-relay-'))
    return new TestRelay(await open(dataDir, options), dataDir, options)
  }

  get url(): string {
    return this.relay.url
  }

  /** Stops the relay and starts it again on the same data (and another port). @param changed what is other than before */
  async restart(changed: TestRelayOptions = {}): Promise<void> {
    await this.relay.stop()
    this.relay = await open(this.dataDir, { ...this.#options, ...changed })
  }

  /** `T` is what the test expects of the body: it is not parsed. Unsaid, a problem document. */
  async rest<T = Problem>(method: string, path: string, request: RestRequest = {}): Promise<RestAnswer<T>> {
    const headers: Record<string, string> = { ...request.headers }
    if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`
    if (request.json !== undefined) headers['content-type'] ??= 'application/json'
    const body = request.json === undefined ? request.text : JSON.stringify(request.json)
    const target = new URL(path.startsWith('/') ? path : `/api/v1/${path}`, this.url)
    const response = await fetch(target, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await response.text()
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
  }

  /** The first one is asked for the owner code. */
  async signUp(username: string): Promise<Person> {
    const invite = (await this.relay.hasOwner()) ? (await this.relay.invite()).code : this.relay.ownerCode
    const account = { username, password: `password of ${username}`, displayName: username, deviceName: 'test', invite }
    const { status, body } = await this.rest<Person>('POST', 'accounts', { json: account })
    if (status !== 201) throw new Error(`signing up ${username}: ${JSON.stringify(body)}`)
    return body
  }

  async signUpAll<const T extends readonly string[]>(usernames: T): Promise<{ [K in keyof T]: Person }> {
    const people: Person[] = []
    for (const username of usernames) people.push(await this.signUp(username))
    return people as { [K in keyof T]: Person }
  }

  /** A device that is not connected yet. */
  device(person: Person, transports?: ('websocket' | 'polling')[]): TestDevice {
    const device = new TestDevice(() => this.url, person, transports)
    this.#devices.push(device)
    return device
  }

  /** A device that has been welcomed. */
  async connect(person: Person, transports?: ('websocket' | 'polling')[]): Promise<TestDevice> {
    const device = this.device(person, transports)
    await device.connect()
    return device
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.disconnect()
    await this.relay.stop()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}

function open(dataDir: string, options: TestRelayOptions): Promise<Relay> {
  const {
    config,
    now,
    timer,
    log = silentLog,
    webRoot,
    wrapStorage,
    openStorage,
    passwords = cheapPasswords,
    httpBounds
  } = options
  return startRelay({
    config: {
      host: '127.0.0.1',
      port: 0,
      dataDir,
      registration: 'invite',
      corsOrigins: [],
      trustedProxies: [],
      rateLimit: false,
      logLevel: 'silent',
      ...config
    },
    log,
    passwords,
    openStorage: async () => {
      const storage = await (openStorage?.(dataDir) ?? openLowdbStorage({ dataDir }))
      return wrapStorage?.(storage) ?? storage
    },
    ...(httpBounds === undefined ? {} : { httpBounds }),
    ...(now === undefined ? {} : { now }),
    ...(timer === undefined ? {} : { timer }),
    ...(webRoot === undefined ? {} : { webRoot })
  })
}

/** Stands in front of a storage and lets one of its methods be another. */
export function overlay(storage: Storage, other: Partial<Storage>): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const own: unknown = Reflect.get(other, name)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

/** Something to wait for until it is opened. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
