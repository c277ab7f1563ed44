// The relay's program as processes of their own, built from its sources as they are now: the relay itself, and its commands.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Where packages are found from, as from dist-server; package.json is above it as there. */
const PLACE = join(ROOT, 'node_modules', '.cache', 'maru-commands-test')
const BUILT = join(PLACE, 'dist-server')

/** To be called first. As `npm run build:server`, but elsewhere: what is in dist-server may be older, or in use. */
export async function buildProgram(): Promise<void> {
  const configFile = join(ROOT, 'vite.server.config.ts')
  await build({ configFile, root: ROOT, logLevel: 'error', build: { outDir: BUILT } })
  await cp(join(ROOT, 'package.json'), join(PLACE, 'package.json'))
}

function run(args: readonly string[], dataDir: string): ChildProcess {
  const env = { PORT: '0', DATA_DIR: dataDir, REGISTRATION: 'open', RATE_LIMIT: 'off' }
  return spawn(process.execPath, ['--enable-source-maps', join(BUILT, 'main.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

/** Said while a command takes long, which it may on a busy machine. */
const PROGRESS = /^(verifying|copying|restoring): .* of .*\n/gm

/** Runs a command to its end; `error` without the lines of its progress. */
export async function command(
  dataDir: string,
  ...args: string[]
): Promise<{ code: number | null; out: string; error: string }> {
  const child = run(args, dataDir)
  let [out, error] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (error += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, error: error.replaceAll(PROGRESS, '') }
}

export interface RunningRelay {
  url: string
  /** Resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts a relay and resolves when it serves. */
export async function startProgram(dataDir: string): Promise<RunningRelay> {
  const child = run([], dataDir)
  const exited = once(child, 'exit') as Promise<[number | null]>
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const url = await new Promise<string>((resolve, reject) => {
    if (!child.stdout) throw new Error('a relay says where it is')
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /ready at (http:\S+\/)/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once('exit', () => reject(new Error(`the relay ended before it was ready:\n${said}`)))
  })
  return {
    url,
    async stop(signal) {
      child.kill(signal)
      const [code] = await exited
      return code
    }
  }
}
