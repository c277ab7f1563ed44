// "Host here" as far as Node and browsers can show it: three machines on a network of their own, whose router leads nowhere. One hosts a relay, the
// others find it, join and talk; and nothing leaves the network.
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, expect, test as base } from '@playwright/test'
import type { LaunchOptions } from '@playwright/test'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { root } from '../scripts/setup.mjs'
import { Client } from './client.ts'
import { HostedRelay, webRoot } from './hosted-relay.ts'
import type { Packet } from './packets.ts'
import { button, dialog } from './people.ts'
import { RelayProcess } from './relay-process.ts'
import { makeSmallLan, whyNoLan } from './small-lan.ts'
import type { Machine, SmallLan } from './small-lan.ts'

const NAME = '민지네 집 Kim’s'

/** A search for relays on a machine, as the app makes it. It ends with the network. */
function look(machine: Machine) {
  const child = machine.spawn(process.execPath, ['--import', 'tsx', join(root, 'e2e/look-for-relays.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: root
  })
  let last: { found?: FoundRelay[]; problem?: string } = {}
  let wake = () => {}
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      last = JSON.parse(line) as typeof last
      wake()
    })
  }
  return {
    until: async (count: number): Promise<FoundRelay[]> => {
      while (last.found?.length !== count) {
        if (last.problem !== undefined) throw new Error(last.problem)
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return last.found
    }
  }
}

async function askPinned(machine: Machine, url: string, fingerprint: string): Promise<string> {
  const program = join(root, 'e2e/ask-pinned.ts')
  const child = machine.spawn(process.execPath, ['--import', 'tsx', program, url, fingerprint], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: root
  })
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await once(child, 'close')
  return said
}

async function openOn(machine: Machine, url: string, folder: string, launch: LaunchOptions): Promise<Client> {
  const browser = launch.executablePath ?? chromium.executablePath()
  const executablePath = await machine.wrapper(join(folder, `browser-${machine.address}`), browser)
  const place = { name: 'on a network without the internet', host: machine.address, secure: false, browserArgs: [] }
  return Client.open({ place, pageUrl: url, launch: { ...launch, executablePath } })
}

async function inviteInto({ page, texts }: Client, room: string): Promise<string> {
  await button({ page, texts } as Client, texts.rooms.invite).click()
  const opened = dialog({ page, texts } as Client, texts.invite.title)
  await opened.getByRole('checkbox', { name: room }).check()
  await opened.getByRole('button', { name: texts.invite.make, exact: true }).click()
  const words = await opened.getByLabel(texts.invite.code, { exact: true }).inputValue()
  await opened.getByRole('button', { name: texts.close }).click()
  return words
}

/** What Chromium asks for of its own accord: the names of its maker's services. The page has no way to them (its content security policy). */
const OF_CHROMIUM = /(^|\.)(google|googleapis|gstatic|gvt1)\.com$/

/** What went, or wanted to go, anywhere but to this network's machines; names that were asked of the router are on their way elsewhere. */
function strayed(packets: readonly Packet[], { isOwn, router }: SmallLan): string[] {
  const isLocal = ({ kind, from, to, asks }: Packet): boolean => {
    if (kind === 'arp') return true
    // Of the link alone: no router passes it on. `::` is who has no address yet.
    if (kind === 'ipv6') return /^(fe80|0:0:0:0:0:0:0:0)/.test(from) && /^(fe80|ff02)/.test(to)
    if (kind === 'other') return false
    // What it says of itself, or to say that it knows nobody; what it was asked is looked at here below.
    if (from === router) return true
    if (to === router) return OF_CHROMIUM.test(asks)
    return isOwn(from) && (isOwn(to) || to.startsWith('224.0.0.'))
  }
  const told = packets
    .filter((packet) => !isLocal(packet))
    .map(({ kind, from, to, protocol, toPort, asks }) => [kind, from, to, protocol, toPort, asks].join(' '))
  return [...new Set(told)]
}

interface Home {
  /** For files. */
  folder: string
  lan: SmallLan
  relay: HostedRelay
  look(machine: Machine): ReturnType<typeof look>
  open(machine: Machine, url: string): Promise<Client>
}

const test = base.extend<{ home: Home }>({
  home: async ({ launchOptions }, provide) => {
    const noLan = whyNoLan()
    test.skip(noLan !== undefined, `no network of one's own can be made: ${noLan}`)
    const folder = await mkdtemp(join(tmpdir(), 'maru-host-here-'))
    const lan = await makeSmallLan()
    const relay = new HostedRelay({ machine: lan.machines[0] })
    const clients: Client[] = []
    await provide({
      folder,
      lan,
      relay,
      look,
      async open(machine, url) {
        const client = await openOn(machine, url, folder, launchOptions)
        clients.push(client)
        return client
      }
    })
    const complaints = clients.flatMap(({ complaints }) => complaints)
    for (const client of clients) await client.dispose()
    await lan.dispose()
    await rm(folder, { recursive: true, force: true })
    expect(complaints, 'the browser complained').toEqual([])
  }
})

test.describe('a relay in the app', () => {
  test('is found, joined and talked in by two machines; nothing leaves the network', async ({ home }) => {
    const { lan, relay, folder } = home
    const [house, hers, his] = lan.machines
    const dataDir = join(folder, 'data')
    // The apps of the others look already.
    const searches = [home.look(hers), home.look(his)]
    await Promise.all(searches.map((search) => search.until(0)))

    const startedMs = performance.now()
    const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1)
    const settings = { dataDir, webRoot, address: house.address, port: 4100, name: NAME, announced: true }
    relay.command({ type: 'start', settings })
    const ready = await relay.tells('ready')
    const readyS = seconds()
    expect(ready).toMatchObject({ address: house.address, port: 4100, hasOwner: false })

    const found = await Promise.all(searches.map((search) => search.until(1)))
    const foundS = seconds()
    const { relayId, fingerprint } = ready
    const secureUrl = `https://${house.address}:4100`
    expect(found).toEqual([0, 1].map(() => [{ relayId, name: NAME, url: secureUrl, fingerprint }]))

    // Browsers cannot pin: they use plain http, on the same port.
    const url = `http://${house.address}:4100`
    const [minji, joon] = await Promise.all([home.open(hers, url), home.open(his, url)])
    await minji.signUp('Minji', ready.ownerCode)
    await minji.createRoom('Kitchen', [])
    const words = await inviteInto(minji, 'Kitchen')
    await joon.page.goto(`${url}/join/${words}`)
    await joon.signUp('Joon', undefined, { led: true })
    await joon.openRoom('Kitchen')
    await minji.send('dinner is ready')
    await expect.poll(() => joon.messages('Kitchen'), { intervals: [50] }).toEqual(['dinner is ready'])
    process.stdout.write(`host here: ready ${readyS} s, found ${foundS} s, first message delivered ${seconds()} s\n`)
    await joon.send('two minutes')
    await expect.poll(() => minji.messages('Kitchen')).toEqual(['dinner is ready', 'two minutes'])

    await test.step('the one who hosts it sees who is there', async () => {
      const status = await relay.tells('status', ({ people }) => people === 2)
      expect(status).toMatchObject({ devices: 2, names: ['Joon', 'Minji'], announced: true, hasOwner: true })
    })
    await test.step('who can pin speaks https, with this relay or with nobody', async () => {
      expect(await askPinned(hers, secureUrl, fingerprint)).toContain(relayId)
      expect(await askPinned(his, secureUrl, 'a'.repeat(64))).toBe('another certificate\n')
    })
    await test.step('the machine sleeps and wakes: who looks from then on finds it, and they talk on', async () => {
      house.cable('down')
      house.cable('up')
      relay.command({ type: 'announce' })
      const late = home.look(his)
      searches.push(late)
      expect(await late.until(1)).toEqual(found[0])
      await joon.send('back again')
      await expect.poll(() => minji.messages('Kitchen')).toContain('back again')
    })
    await test.step('a backup', async () => {
      const backups = join(folder, 'backups')
      await mkdir(backups)
      relay.command({ type: 'backup', request: 7, folder: backups })
      const backup = await relay.tells('backed-up')
      expect(backup).toMatchObject({ request: 7, folder: join(backups, (await readdir(backups))[0] ?? '') })
      // Those that were written, and the lines that say who came.
      expect(backup.messages).toBeGreaterThanOrEqual(3)
    })
    await test.step('its end is told to the network', async () => {
      await Promise.all([minji, joon].map(({ page }) => page.close()))
      relay.command({ type: 'stop' })
      expect(await relay.ended()).toBe(0)
      expect(relay.told.at(-1)).toEqual({ type: 'stopped' })
      await Promise.all(searches.map((search) => search.until(0)))
    })
    await test.step('nothing has left the network', async () => {
      const packets = await lan.captured()
      // It has seen what it was to see.
      const announcements = packets.filter(({ from, toPort }) => from === house.address && toPort === 5353)
      expect(announcements.length).toBeGreaterThan(3)
      expect(announcements.filter(({ to, ttl }) => to !== '224.0.0.251' || ttl !== 255)).toEqual([])
      expect(packets.filter(({ toPort, to }) => toPort === 4100 && to === house.address).length).toBeGreaterThan(100)
      expect(strayed(packets, lan)).toEqual([])
    })
  })
})

const plain = { address: '127.0.0.1', port: 0, name: NAME, announced: true }

base('the process of the packaged app needs no packages beside it, and ends when the app lets go of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maru-packaged-'))
  await cp(join(root, 'out', 'main'), join(folder, 'app', 'out', 'main'), { recursive: true })
  await cp(join(root, 'package.json'), join(folder, 'app', 'package.json'))
  const relay = new HostedRelay({ entry: join(folder, 'app', 'out', 'main', 'host.js') })
  relay.command({ type: 'start', settings: { ...plain, dataDir: join(folder, 'data'), webRoot } })
  const { port, relayId } = await relay.tells('ready')
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/relay`)
  expect(await answer.json()).toMatchObject({ relay: { id: relayId, version: expect.stringMatching(/^\d+\./) } })
  expect((await fetch(`http://127.0.0.1:${port}/`)).headers.get('content-type')).toContain('text/html')
  // Loopback is nobody's network.
  expect(await relay.tells('status')).toMatchObject({ announced: false, people: 0 })
  relay.letGo()
  expect(await relay.ended()).toBe(0)
  await rm(folder, { recursive: true })
})

base('a relay by itself says which certificate it has, and serves browsers as before', async () => {
  const relay = await RelayProcess.start({ env: { TLS: 'own', ANNOUNCE: 'on' } })
  const said = (line: RegExp) => relay.output.some((each) => line.test(each))
  expect(said(/^Maru relay ready at https:\/\/127\.0\.0\.1:\d+\/$/)).toBe(true)
  await expect.poll(() => said(/^Certificate \(SHA-256\): [0-9a-f]{64}$/)).toBe(true)
  expect((await fetch(`${relay.url}/healthz`)).status).toBe(200)
  expect(await relay.stop('SIGTERM')).toBe(0)
  await relay.dispose()
})
