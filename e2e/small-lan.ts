// A small network of machines that are network namespaces of this one, joined by a switch, with a router that leads nowhere; and what went over the
// switch. Needs Linux and root.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findUnpacked } from '../scripts/debian-package.mjs'
import { readCapture } from './packets.ts'
import type { Packet } from './packets.ts'

const SUBNET = '10.77.0'
const ROUTER = `${SUBNET}.1`
const IP = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'].find((path) => existsSync(path))

function ip(...args: string[]): { ok: boolean; said: string } {
  if (IP === undefined) return { ok: false, said: 'there is no ip (iproute2)' }
  const { status, stderr, error } = spawnSync(IP, args, { encoding: 'utf8' })
  return { ok: status === 0, said: (error?.message ?? stderr ?? '').trim() }
}

/** Of the processes that run there. */
function processesOf(namespace: string): number[] {
  if (IP === undefined) return []
  const { stdout } = spawnSync(IP, ['netns', 'pids', namespace], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

function must(...args: string[]): void {
  const { ok, said } = ip(...args)
  if (!ok) throw new Error(`ip ${args.join(' ')}: ${said}`)
}

/** Undefined where networks can be made; otherwise what is in the way, in a line. */
export function whyNoLan(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  if (process.getuid?.() !== 0) return 'only root may make network namespaces'
  const name = `maru-try-${process.pid}`
  const made = ip('netns', 'add', name)
  if (!made.ok) return 'this machine does not allow network namespaces'
  const wired = ip('-n', name, 'link', 'add', 'try0', 'type', 'veth', 'peer', 'name', 'try1')
  const switched = ip('-n', name, 'link', 'add', 'br0', 'type', 'bridge')
  ip('netns', 'del', name)
  if (!wired.ok || !switched.ok) return 'this machine has no virtual network cards or switches'
  return tcpdump() === undefined ? 'tcpdump is not installed, and its Debian package cannot be had' : undefined
}

interface Program {
  path: string
  libraries?: string
}

let found: Program | null | undefined
function tcpdump(): Program | undefined {
  found ??= findTcpdump() ?? null
  return found ?? undefined
}

function findTcpdump(): Program | undefined {
  const starts = ({ path, libraries }: Program): boolean =>
    existsSync(path) && spawnSync(path, ['--version'], { env: environment(libraries), stdio: 'ignore' }).status === 0
  const usual = ['/usr/bin/tcpdump', '/usr/sbin/tcpdump'].map((path) => ({ path })).find(starts)
  if (usual) return usual
  return findUnpacked('tcpdump', (folder) => {
    const lib = join(folder, 'usr', 'lib')
    const own = existsSync(lib) ? readdirSync(lib).find((name) => name.endsWith('-linux-gnu')) : undefined
    const libraries = own === undefined ? {} : { libraries: join(lib, own) }
    return ['bin', 'sbin'].map((each) => ({ path: join(folder, 'usr', each, 'tcpdump'), ...libraries })).find(starts)
  })
}

function environment(libraries?: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }) }
}

/** One machine of the network. */
export class Machine {
  readonly address: string
  readonly #namespace: string

  constructor(namespace: string, address: string) {
    this.#namespace = namespace
    this.address = address
  }

  /** Starts a program there. */
  spawn(program: string, args: readonly string[], options: Parameters<typeof spawn>[2] = {}): ChildProcess {
    return spawn(IP ?? 'ip', ['netns', 'exec', this.#namespace, program, ...args], options)
  }

  /** A program of its own that starts another one there: for whoever wants to be named a file. */
  async wrapper(file: string, program: string): Promise<string> {
    await writeFile(file, `#!/bin/sh\nexec ${IP} netns exec ${this.#namespace} '${program}' "$@"\n`)
    await chmod(file, 0o755)
    return file
  }

  /** Pulls its cable, or puts it back. */
  cable(state: 'up' | 'down'): void {
    must('-n', this.#namespace, 'link', 'set', 'eth0', state)
    if (state === 'up') must('-n', this.#namespace, 'route', 'add', 'default', 'via', ROUTER)
  }
}

/** Three machines, each with an address and the router as its way to everywhere else, names included. */
export interface SmallLan {
  machines: readonly [Machine, Machine, Machine]
  /** Whether an address is one of this network. */
  isOwn: (address: string) => boolean
  router: string
  /** Everything that went over the switch until now; what was on its way is waited for. */
  captured(): Promise<Packet[]>
  /** Ends what still runs there. */
  dispose(): Promise<void>
}

export async function makeSmallLan(): Promise<SmallLan> {
  const run = `maru-${process.pid}`
  const middle = `${run}-lan`
  const namespaces = [middle]
  const dispose = async (): Promise<void> => {
    for (const each of namespaces) {
      for (const id of processesOf(each)) process.kill(id, 'SIGKILL')
      ip('netns', 'del', each)
      await rm(join('/etc/netns', each), { recursive: true, force: true })
    }
  }
  try {
    must('netns', 'add', middle)
    must('-n', middle, 'link', 'set', 'lo', 'up')
    must('-n', middle, 'link', 'add', 'br0', 'type', 'bridge')
    must('-n', middle, 'addr', 'add', `${ROUTER}/24`, 'dev', 'br0')
    must('-n', middle, 'link', 'set', 'br0', 'up')
    const attach = async (number: number): Promise<Machine> => {
      const name = `${run}-${number}`
      const address = `${SUBNET}.${number + 2}`
      namespaces.push(name)
      // As the router of a home network would say it.
      await mkdir(join('/etc/netns', name), { recursive: true })
      await writeFile(join('/etc/netns', name, 'resolv.conf'), `nameserver ${ROUTER}\n`)
      must('netns', 'add', name)
      must('-n', middle, 'link', 'add', `to${number}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
      must('-n', middle, 'link', 'set', `to${number}`, 'master', 'br0', 'up')
      must('-n', name, 'link', 'set', 'lo', 'up')
      must('-n', name, 'addr', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0')
      const machine = new Machine(name, address)
      machine.cable('up')
      return machine
    }
    const machines = [await attach(0), await attach(1), await attach(2)] as const
    const capture = await startCapture(middle)
    return {
      machines,
      isOwn: (address) => address.startsWith(`${SUBNET}.`),
      router: ROUTER,
      captured: () => capture.stop(),
      dispose
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** The router's last word. */
const LAST_PORT = 9
const SAY_LAST = `const socket = require('dgram').createSocket('udp4').bind(() => {
  socket.setBroadcast(true)
  socket.send('', ${LAST_PORT}, '${SUBNET}.255', () => socket.close())
})`

async function startCapture(namespace: string): Promise<{ stop(): Promise<Packet[]> }> {
  const program = tcpdump()
  if (!program) throw new Error('there is no tcpdump')
  const args = [
    'netns',
    'exec',
    namespace,
    program.path,
    '-i',
    'br0',
    '-n',
    '-U',
    '--immediate-mode',
    '-Z',
    'root',
    '-s',
    '128',
    '-w',
    '-'
  ]
  const child = spawn(IP ?? 'ip', args, { env: environment(program.libraries), stdio: ['ignore', 'pipe', 'pipe'] })
  const parts: Buffer[] = []
  let wake = (): void => {}
  child.stdout.on('data', (bytes: Buffer) => {
    parts.push(bytes)
    wake()
  })
  const exited = once(child, 'close')
  let words = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text
      if (words.includes('listening on')) resolve()
    })
    child.once('exit', () => reject(new Error(`tcpdump ended: ${words}`)))
  })
  let packets: Promise<Packet[]> | undefined
  return {
    stop: () =>
      (packets ??= (async () => {
        // Packets are written in the order in which they went: once this one is there, so are all before it.
        must('netns', 'exec', namespace, process.execPath, '-e', SAY_LAST)
        while (!readCapture(Buffer.concat(parts)).some(({ from, toPort }) => from === ROUTER && toPort === LAST_PORT)) {
          await new Promise<void>((resolve) => (wake = resolve))
        }
        // It says how much it has missed.
        child.kill('SIGINT')
        await exited
        const dropped = /(\d+) packets? dropped by kernel/.exec(words)?.[1]
        if (dropped !== '0') throw new Error(`not everything was captured: ${words}`)
        return readCapture(Buffer.concat(parts))
      })())
  }
}
