// Everybody sends whatever they like, one after the other: the relay answers, no answer is a fault of its own, and what it refuses changes nothing.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RELAY_AUTHOR_ID, newId } from '../protocol/values.ts'
import { silentLog } from './log.ts'
import { seededRandom } from './storage/contract/seeded-random.ts'
import { verify } from './storage/lowdb/verify.ts'
import { firstSeed, sizeOf } from './storage/testing/test-size.ts'
import { hostileInput, ROUTES } from './testing/hostile-input.ts'
import type { Known } from './testing/hostile-input.ts'
import { cheapPasswords, TestRelay } from './testing/relay-kit.ts'
import type { Person, TestDevice } from './testing/test-device.ts'
import { WatchedWrites } from './testing/watched-writes.ts'

/** In the name of the test and in every failure; give it as MARU_SEED to look at one again. */
const seed = firstSeed()
const INPUTS = sizeOf('MARU_PEOPLE_INPUTS', { usual: 3_000, long: 800_000 })
/** Who sends. The last three have no right to anything. */
const KINDS = ['owner', 'member', 'other', 'outsider', 'disabled', 'deleted', 'stranger'] as const
type Kind = (typeof KINDS)[number]

const OPERATIONS: Record<string, readonly string[]> = {
  'room.create': ['roomId', 'kind', 'name', 'memberIds', 'history', 'topic', 'writers'],
  'room.rename': ['roomId', 'name'],
  'room.change': ['roomId', 'topic', 'avatar', 'writers'],
  'room.close': ['roomId'],
  'room.join': ['roomId'],
  'room.settings': ['roomId', 'mutedUntil', 'pinned', 'unreadFrom'],
  'member.add': ['roomId', 'userIds'],
  'member.remove': ['roomId', 'userId', 'quietly'],
  'member.ban': ['roomId', 'userId', 'set'],
  'member.role': ['roomId', 'userId', 'role'],
  'message.send': ['roomId', 'messageId', 'body', 'sentAt', 'replyTo', 'mentions', 'to'],
  'message.edit': ['roomId', 'messageId', 'body', 'mentions'],
  'message.delete': ['roomId', 'messageId'],
  'reaction.set': ['roomId', 'messageId', 'emoji', 'set'],
  'read.mark': ['roomId', 'seq'],
  'profile.change': ['displayName', 'color', 'avatar', 'status', 'receipts'],
  'preferences.change': ['availability'],
  'block.set': ['userId', 'set']
}

describe(`whoever sends whatever (seed ${seed})`, () => {
  const random = seededRandom(seed)
  const writes = new WatchedWrites()
  const faults: string[] = []
  let relay: TestRelay
  let root: Person
  let made = 0
  const people = new Map<Kind, Person>()
  const devices = new Map<Kind, TestDevice>()
  const known: Known = {
    userIds: [newId(), RELAY_AUTHOR_ID],
    deviceIds: [newId()],
    roomIds: [newId(), RELAY_AUTHOR_ID],
    messageIds: [newId()],
    inviteIds: [newId()],
    codes: ['apple-river', 'no code'],
    usernames: ['nobody'],
    passwords: ['a long password', 'another password', 'wrong']
  }
  const input = hostileInput(random, known)

  beforeAll(async () => {
    relay = await TestRelay.start({
      config: { registration: 'open' },
      now: () => Date.parse('2026-11-20T12:00:00.000Z'),
      log: {
        ...silentLog,
        error: (text, details) => void faults.push(`${text} ${String((details?.error as Error)?.stack)}`)
      },
      passwords: cheapPasswords,
      wrapStorage: (storage) => writes.wrap(storage)
    })
    // Never named to anybody, so that somebody owns the relay whatever happens.
    root = await signUp()
    for (const kind of KINDS) await renew(kind)
  })
  afterAll(() => relay.stop())
  /** What listens in this process when no relay runs. */
  const listening = listeners()

  async function signUp(): Promise<Person> {
    const username = `person-${(made += 1)}`
    const json = { username, password: 'a long password', displayName: username }
    const { status, body } = await relay.rest<Person>('POST', 'accounts', { json })
    expect(status).toBe(201)
    return body
  }

  /** Somebody new of this kind, in some of the rooms. */
  async function renew(kind: Kind): Promise<void> {
    devices.get(kind)?.disconnect()
    const person = await signUp()
    people.set(kind, person)
    keep(known.userIds, person.user.id)
    keep(known.deviceIds, person.deviceId)
    keep(known.usernames, person.user.username)
    const change = (json: object) => relay.rest('PATCH', `admin/users/${person.user.id}`, { token: root.token, json })
    if (kind === 'owner') await change({ role: 'owner' })
    const device = await relay.connect(person)
    devices.set(kind, device)
    if (kind !== 'outsider') {
      const roomId = newId()
      const others = [...people.values()].map(({ user }) => user.id)
      const room = { type: 'room.create', roomId, kind: made % 2 === 0 ? 'group' : 'open', name: 'Room' } as const
      await device.apply({ ...room, memberIds: others.filter((id) => id !== people.get('outsider')?.user.id) })
      const messageId = newId()
      await device.apply({ type: 'message.send', roomId, messageId, body: 'x', sentAt: '2026-11-20T12:00:00Z' })
      keep(known.roomIds, roomId)
      keep(known.messageIds, messageId)
      device.settled = device.n
    }
    if (kind === 'disabled') await change({ disabled: true })
    if (kind === 'deleted')
      await relay.rest('DELETE', 'users/me', { token: person.token, json: { password: 'a long password' } })
  }

  function keep(list: string[], value: string): void {
    if (list.length < 30) list.push(value)
    else list[1 + input.whole(29)] = value
  }

  async function sendRest(kind: Kind, index: number): Promise<void> {
    const { method, path, headers, text } = input.rest()
    const token = kind === 'stranger' ? input.pick(['', 'x', 'y'.repeat(43)]) : people.get(kind)?.token
    const request = { headers, ...(text === undefined ? {} : { text }), ...(token ? { token } : {}) }
    const { status, body } = await relay.rest<Record<string, unknown> & { type?: string; code?: string }>(
      method,
      path,
      request
    )
    const what = `seed ${seed}, input ${index}: ${kind} ${method} ${path.slice(0, 300)} ${text?.slice(0, 300)} → ${status}`
    check(status < 500, what, 'a fault of the relay')
    const changed = writes.take()
    if (status < 400) {
      learn(body)
      return
    }
    check(changed.length === 0, what, `was refused and has changed something: ${changed.join()}`)
    // Dots in a path may lead out of the API, to where pages for people are.
    const isApi = new URL(path, relay.url).pathname.startsWith('/api/')
    const isProblem = String(body.type).startsWith('urn:maru:error:')
    check(isProblem || method === 'HEAD' || !isApi || status === 431, what, 'an error that is no problem document')
    const ended = body.code === 'unauthorized' && !['disabled', 'deleted', 'stranger'].includes(kind)
    if (ended) await renew(kind)
  }

  /** What was made can be used by whoever comes after. */
  function learn(body: unknown): void {
    if (typeof body !== 'object' || body === null) return
    const { code, invite, room, message } = body as Record<string, { id?: string } & string>
    if (typeof code === 'string') keep(known.codes, code)
    if (invite?.id !== undefined) keep(known.inviteIds, invite.id)
    if (room?.id !== undefined) keep(known.roomIds, room.id)
    if (message?.id !== undefined) keep(known.messageIds, message.id)
  }

  async function sendEvent(kind: Kind, index: number): Promise<void> {
    const device = devices.get(kind)
    if (!device?.socket.connected) return renew(kind)
    const isPush = input.chance(0.7)
    const [event, payload] = isPush ? ['sync:push', pushOf(device)] : otherEvent()
    const what = `seed ${seed}, input ${index}: ${kind} ${event} ${JSON.stringify(payload)?.slice(0, 400)}`
    const answer = await device.ask<{
      ok: boolean
      error?: { code: string }
      stopped?: unknown
      answers?: { status: string }[]
    }>(event, payload)
    const changed = writes.take()
    check(typeof answer.ok === 'boolean', what, 'no answer')
    check(answer.error?.code !== 'relay-error' && answer.stopped === undefined, what, 'a fault of the relay')
    if (answer.error?.code === 'unauthorized') return renew(kind)
    const isRefused = !answer.ok || (answer.answers ?? []).every(({ status }) => status === 'refused')
    // Answers are remembered with the device, refusals too [S2.1].
    const others = changed.filter((write) => !isPush || write !== 'putDevice')
    check(!event.startsWith('live:') || others.length === 0, what, `stored something [S14]: ${others.join()}`)
    check(!isRefused || others.length === 0, what, `was refused and has changed something: ${others.join()}`)
    device.settled = device.n
  }

  function pushOf(device: TestDevice): unknown {
    const count = 1 + input.whole(3)
    const operations = Array.from({ length: count }, () => {
      const type = input.pick(Object.keys(OPERATIONS))
      const operation = input.chance(0.02) ? input.hostile() : { type, ...input.objectOf(OPERATIONS[type] ?? []) }
      return { id: newId(), n: (device.n += 1), operation }
    })
    if (!input.chance(0.04)) return { settled: device.settled, operations }
    device.n -= count
    return input.pick([
      { settled: -1, operations },
      { settled: 0, operations: [{ ...operations[0], n: device.n + 50 }] },
      { settled: 0, operations: [{ ...operations[0], id: input.hostile(), n: device.n + 1 }] },
      input.hostile()
    ])
  }

  function otherEvent(): [string, unknown] {
    const stream = `${input.pick(['room:', 'reads:', 'user:'])}${input.pick([...known.roomIds, ...known.userIds])}`
    const changes = {
      kind: 'changes',
      stream,
      ...input.objectOf(['since', 'epoch', 'heldSeq', 'limit'], ['since', 'epoch'])
    }
    const page = { ...input.objectOf(['roomId', 'before', 'limit'], ['roomId']), kind: 'page' }
    return input.pick<[string, unknown]>([
      ['sync:pull', { wants: [changes, page] }],
      ['sync:pull', { wants: input.hostile() }],
      ['sync:answers', input.objectOf(['deviceId', 'after'])],
      ['live:typing', input.objectOf(['roomId', 'typing'])],
      ['live:presence', input.objectOf(['active', 'watch'])],
      [input.pick(['sync:none', 'message', '__proto__', 'error', '']), input.hostile()]
    ])
  }

  it('every route of the page is among what is sent', () => {
    const page = readFileSync(new URL('../protocol/SPEC.md', import.meta.url), 'utf8')
    const sent = new Set(ROUTES.map(([method, path]) => `${method} ${path.replaceAll(/:\w+/g, ':')}`))
    const written = [...page.matchAll(/`((?:GET|POST|PATCH|PUT|DELETE)(?: or DELETE)?) (\/[^` ]*)[^`]*`/g)].flatMap(
      ([, methods = '', path = '']) =>
        methods.split(' or ').map((method) => `${method} ${path.replaceAll(/:\w+/g, ':')}`)
    )
    const others = new Set(['GET /healthz', 'GET /readyz'])
    expect(written.filter((route) => !sent.has(route) && !others.has(route))).toEqual([])
    expect(written.length).toBeGreaterThan(40)
  })

  it(
    'is answered; no refusal changes anything; nothing is left over, and the data is sound',
    async () => {
      writes.take()
      const outcomes = { before: 0, after: 0 }
      for (let index = 0; index < INPUTS; index++) {
        const kind = input.pick(KINDS)
        const hasDevice = !['disabled', 'deleted', 'stranger'].includes(kind)
        if (hasDevice && input.chance(0.4)) await sendEvent(kind, index)
        else await sendRest(kind, index)
        writes.take()
        check(faults.length === 0, `seed ${seed}, input ${index}`, faults.join('\n'))
        if (index === Math.floor(INPUTS / 2)) outcomes.before = heapBytes()
      }
      outcomes.after = heapBytes()
      expect((await relay.rest('GET', '/healthz')).status).toBe(200)
      expect((await relay.rest('GET', 'admin', { token: root.token })).status).toBe(200)
      // Coarse: what a leak of every request would exceed.
      expect(outcomes.after - outcomes.before).toBeLessThan(60_000_000 + INPUTS * 1_000)

      await relay.relay.stop()
      for (const device of devices.values()) device.disconnect()
      expect(listeners()).toBe(listening)
      const findings: string[] = []
      await verify({
        directory: relay.dataDir,
        report: ({ where, what }) => findings.push(`${where}: ${what}`),
        note: () => undefined
      })
      expect(findings).toEqual([])
    },
    60_000 + INPUTS * 30
  )
})

/** @throws an Error that says what was sent, and what is wrong with what came of it */
function check(holds: boolean, sent: string, wrong: string): void {
  if (!holds) throw new Error(`${sent}: ${wrong}`)
}

function listeners(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap' || name === 'PipeWrap').length
}

function heapBytes(): number {
  return process.memoryUsage().heapUsed
}
