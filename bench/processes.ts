// Starts and ends the benchmark's processes: relays, the baseline's server, load generators.
import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { FromWorker, LoadPlan, Outcome, Sample, ToWorker } from './plan.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const relayFolder = `${root}dist-bench`
const typescript = ['--import', 'tsx']

/** Everything that was started, so that nothing outlives the benchmark. */
const children = new Set<ChildProcess>()

let ending = false

export function endAll(): void {
  ending = true
  for (const child of children) child.kill('SIGKILL')
}

/** Hands a process over to `endAll`, should it still be there then. */
export function register<C extends ChildProcess>(child: C): C {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** Builds the relay as it is shipped, from the sources as they are. */
export async function buildRelay(): Promise<void> {
  await rm(relayFolder, { recursive: true, force: true })
  await build({ configFile: `${root}vite.server.config.ts`, root, logLevel: 'error', build: { outDir: relayFolder } })
}

export interface Figures {
  memory: NodeJS.MemoryUsage
  cpu: NodeJS.CpuUsage
  fsync: { count: number; ms: number }
}

export interface Server {
  port: number
  /** From the start of the process until it said that it was ready. */
  startMs: number
  /** @param collect after a forced garbage collection */
  figures(collect?: 'collect'): Promise<Figures>
  /** Lines of the log that hold this text. */
  logged(text: string): number
  stop(): Promise<void>
}

export interface RelayOptions {
  dataDir: string
  databaseUrl?: string | undefined
  /** Further arguments for Node, such as --cpu-prof. */
  nodeArgs?: readonly string[]
  /** Another copy of the built relay than `buildRelay` has made. */
  program?: string
}

/** A relay with its rate limits off, in a process of its own. */
export function startRelayProcess(options: RelayOptions): Promise<Server> {
  const { dataDir, databaseUrl, nodeArgs = [], program = `${relayFolder}/main.js` } = options
  const probe = new URL('probe.mjs', import.meta.url).href
  const env = {
    PORT: '0',
    DATA_DIR: dataDir,
    REGISTRATION: 'closed',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl })
  }
  return startServer(['--expose-gc', '--import', probe, ...nodeArgs, program], env)
}

export function startRawServer(): Promise<Server> {
  // tsx keeps SIGTERM for itself in a process with a channel.
  return startServer([...typescript, fileURLToPath(new URL('raw-server.ts', import.meta.url))], {}, 'SIGKILL')
}

async function startServer(
  args: readonly string[],
  env: Record<string, string>,
  end: NodeJS.Signals = 'SIGTERM'
): Promise<Server> {
  const began = performance.now()
  const child = register(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env, cwd: root }))
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('a server of the benchmark has pipes')
  let log = ''
  stderr.on('data', (bytes: Buffer) => (log += bytes.toString()))
  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const found = /ready at \w+:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}: ${log}`)))
  })
  const startMs = performance.now() - began
  return {
    port,
    startMs,
    async figures(collect) {
      child.send(collect ?? 'now')
      return ((await once(child, 'message')) as [Figures])[0]
    },
    logged: (text) => log.split('\n').filter((line) => line.includes(text)).length,
    async stop() {
      if (child.exitCode !== null) throw new Error(`a server had ended with ${child.exitCode}: ${log}`)
      child.kill(end)
      await once(child, 'exit')
    }
  }
}

/** Generators that act as one. */
export interface Load {
  go(): void
  /** Resolves when all that was sent is answered. */
  pause(): Promise<void>
  /** Latencies count from here. */
  reset(): Promise<void>
  sample(): Promise<Sample[]>
  finish(): Promise<Outcome[]>
}

/** Resolves when all clients are connected. */
export async function startLoad(plans: readonly LoadPlan[]): Promise<Load> {
  const file = fileURLToPath(new URL('load/worker.ts', import.meta.url))
  const workers = plans.map(() => register(fork(file, { execArgv: typescript, serialization: 'advanced', cwd: root })))
  for (const worker of workers) {
    worker.on('exit', (code) => {
      if (code !== 0 && !ending) throw new Error(`a load generator ended with ${code}`)
    })
  }

  const tell = (message: ToWorker): void => workers.forEach((worker) => void worker.send(message))
  function heard<T extends FromWorker['type']>(
    worker: ChildProcess,
    type: T
  ): Promise<Extract<FromWorker, { type: T }>> {
    return new Promise((resolve) => {
      const listen = (message: FromWorker): void => {
        if (message.type !== type) return
        worker.off('message', listen)
        resolve(message as Extract<FromWorker, { type: T }>)
      }
      worker.on('message', listen)
    })
  }
  async function ask<T extends FromWorker['type']>(
    question: ToWorker,
    type: T
  ): Promise<Extract<FromWorker, { type: T }>[]> {
    const answers = Promise.all(workers.map((worker) => heard(worker, type)))
    tell(question)
    return answers
  }

  const ready = Promise.all(workers.map((worker) => heard(worker, 'ready')))
  for (const [index, worker] of workers.entries()) {
    const plan = plans[index]
    if (plan) worker.send({ type: 'plan', plan } satisfies ToWorker)
  }
  await ready
  return {
    go: () => tell({ type: 'go' }),
    async pause() {
      await ask({ type: 'pause' }, 'paused')
    },
    async reset() {
      await ask({ type: 'reset' }, 'reset')
    },
    sample: async () => (await ask({ type: 'sample' }, 'sample')).map(({ sample }) => sample),
    finish: async () => (await ask({ type: 'finish' }, 'finished')).map(({ outcome }) => outcome)
  }
}
