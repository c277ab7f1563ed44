// The commands as whoever runs a relay runs them: processes beside a relay that is a process of its own, and busy.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { flipBit } from '../storage/lowdb/testing/damage.ts'
import { openLowdbStorage } from '../storage/lowdb/storage.ts'
import { sizeOf } from '../storage/testing/test-size.ts'
import { TestDevice } from '../testing/test-device.ts'
import type { Person } from '../testing/test-device.ts'
import { buildProgram, command, startProgram } from './testing/program.ts'
import type { RunningRelay } from './testing/program.ts'

const BACKUPS = sizeOf('MARU_BACKUPS', { usual: 4, long: 20 })
const BODY = 'x'.repeat(1_500)

/** When an operation was begun and acknowledged, on one clock that only counts. */
interface Sent {
  begun: number
  acknowledged: number
}

let place: string
let dataDir: string
let relay: RunningRelay | undefined
const people: Person[] = []
const devices: TestDevice[] = []

async function signUp(username: string): Promise<Person> {
  const account = { username, password: `password of ${username}`, displayName: username }
  const response = await fetch(new URL('/api/v1/accounts', relay?.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account)
  })
  return (await response.json()) as Person
}

beforeAll(async () => {
  await buildProgram()
  place = await mkdtemp(join(tmpdir(), 'maru-commands-'))
  dataDir = join(place, 'data')
  relay = await startProgram(dataDir)
  for (const name of ['kim', 'lee', 'park']) people.push(await signUp(name))
  for (const person of people) {
    const device = new TestDevice(() => relay?.url ?? '', person)
    await device.connect()
    devices.push(device)
  }
}, 60_000)

afterAll(async () => {
  for (const device of devices) device.disconnect()
  await relay?.stop('SIGKILL')
  await rm(place, { recursive: true, force: true })
})

/** Everything that a backup holds of the rooms, by body. */
async function bodiesIn(directory: string, rooms: readonly string[]): Promise<Set<string>> {
  const storage = await openLowdbStorage({ dataDir: directory })
  const bodies = new Set<string>()
  for (const roomId of rooms) {
    for (let before: number | undefined = Infinity; before !== undefined;) {
      const page = await storage.page(roomId, { before, limit: 200, maxBytes: 10_000_000 })
      for (const { body } of page.messages) bodies.add(body.slice(0, body.indexOf(' ')))
      before = page.more ? page.messages[0]?.seq : undefined
    }
  }
  await storage.close()
  return bodies
}

describe('commands beside a running relay', () => {
  it('[S1] a backup under load holds all that was acknowledged before it, and of what came later a part that ends at one commit', async () => {
    const [first] = devices
    if (!first) throw new Error('there are devices')
    const rooms = [await first.createRoom(...people.slice(1)), await first.createRoom(...people.slice(1))]
    const sent = new Map<string, Sent>()
    let clock = 0
    const load = { on: true }
    const senders = devices.map(async (device, which) => {
      for (let k = 1; load.on; k++) {
        const name = `${which}-${k}`
        const operation = { begun: ++clock, acknowledged: Infinity }
        sent.set(name, operation)
        await device.send(rooms[k % rooms.length] ?? '', `${name} ${BODY}`)
        operation.acknowledged = ++clock
        device.settled = device.n
      }
    })
    for (let backup = 1; backup <= BACKUPS; backup++) {
      const target = join(place, `backup-${backup}`)
      const asked = ++clock
      const { code, out, error } = await command(dataDir, 'backup', target)
      expect({ code, error }).toEqual({ code: 0, error: '' })
      expect(out).toMatch(/\(the relay is running\)\.\nVerified .*: nothing is wrong\.\nThe backup is in /)
      const held = await bodiesIn(target, rooms)
      const latest = Math.max(...[...held].map((name) => sent.get(name)?.begun ?? 0))
      const missing = [...sent].filter(
        ([name, { acknowledged }]) => acknowledged < Math.max(asked, latest) && !held.has(name)
      )
      expect(missing).toEqual([])
      expect(held.size).toBeGreaterThan(0)
      await rm(target, { recursive: true })
    }
    load.on = false
    await Promise.all(senders)
    expect(sent.size).toBeGreaterThan(40)
  }, 180_000)

  it('verify and restore say that a relay is running, and change nothing', async () => {
    const { code, out, error } = await command(dataDir, 'verify')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toMatch(/^A relay is running on .*: stop it first, or make a backup, .*\n$/)
    const backup = join(place, 'for-restore')
    await command(dataDir, 'backup', backup)
    const restored = await command(dataDir, 'restore', backup)
    expect(restored.code).toBe(1)
    expect(restored.error).toMatch(/is not empty .*: nothing was changed\. Move it away first/)
  }, 30_000)

  it('what was backed up is restored by two commands, and a relay starts on it', async () => {
    const [backup, elsewhere] = [join(place, 'one'), join(place, 'elsewhere')]
    expect((await command(dataDir, 'backup', backup)).code).toBe(0)
    const restored = await command(elsewhere, 'restore', backup)
    expect(restored).toMatchObject({ code: 0, error: '' })
    expect(restored.out).toMatch(/Restored [\d,]+ files, .* MB, of 20.* into .*\nStart the relay: /)
    expect(await command(elsewhere, 'verify')).toMatchObject({ code: 0 })
    const other = await startProgram(elsewhere)
    const device = new TestDevice(() => other.url, people[1] ?? people[0]!)
    const welcome = await device.connect()
    expect(welcome.user.username).toBe('lee')
    device.disconnect()
    expect(await other.stop('SIGTERM')).toBe(0)
  }, 30_000)

  it('verify names a damaged file of a relay that was stopped, and says so with its exit code', async () => {
    const [device] = devices
    await device?.send(await device.createRoom(), newId())
    expect(await relay?.stop('SIGTERM')).toBe(0)
    const sound = await command(dataDir, 'verify')
    expect(sound).toMatchObject({ code: 0, error: '' })
    expect(sound.out).toMatch(
      /^Verified \d+ files in .* \(3 users, 3 devices, 3 rooms, [\d,]+ messages, 0 reactions\): nothing is wrong\.\n$/
    )
    const [room = ''] = await readdir(join(dataDir, 'rooms'))
    await flipBit(join(dataDir, 'rooms', room, '000001.json'))
    const spoilt = await command(dataDir, 'verify')
    expect(spoilt.code).toBe(1)
    expect(spoilt.out).toMatch(/^rooms\/.*\/000001\.json: does not match its checksum$/m)
    expect(spoilt.out).toMatch(/: 1 thing is wrong\.\n$/)
    const backup = await command(dataDir, 'backup', join(place, 'of-damage'))
    expect(backup.code).toBe(1)
    expect(backup.out).toMatch(/is complete, but so is the damage in it\.\n$/)
    const refused = await command(join(place, 'refused'), 'restore', join(place, 'of-damage'))
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/Nothing was restored\./)
    expect((await command(join(place, 'taken'), 'restore', join(place, 'of-damage'), '--anyway')).code).toBe(0)
  }, 60_000)

  it('an unknown argument is one sentence, and help prints no secret', async () => {
    const unknown = await command(dataDir, 'frobnicate')
    expect(unknown).toEqual({
      code: 1,
      out: '',
      error: 'frobnicate is no command of the relay; npm run relay -- --help tells what there is.\n'
    })
    const help = await command(dataDir, '--help')
    expect(help).toMatchObject({ code: 0, error: '' })
    expect(help.out).toContain('npm run relay -- backup <directory>')
  }, 30_000)
})
