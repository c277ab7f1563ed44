// A relay process that is killed again and again while many people write, edit and react by socket and by REST: in the end everything that was
// answered is there as it was answered, once and in order, and nothing else is.
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import type { Operation } from '../../../protocol/operations.ts'
import type { MessageRecord, ReactionRecord, StreamRecord } from '../../../protocol/records.ts'
import type { Answer, Push } from '../../../protocol/socket.ts'
import { newId } from '../../../protocol/values.ts'
import { TestDevice } from '../../testing/test-device.ts'
import type { Person } from '../../testing/test-device.ts'
import { seededRandom } from '../contract/seeded-random.ts'
import { firstSeed, sizeOf } from '../testing/test-size.ts'
import { TestDirectory } from './testing/directory.ts'
import { gate } from './testing/gate.ts'
import { RelayProcess } from './testing/relay-process.ts'

const KILLS = sizeOf('MARU_KILLS', { usual: 5, long: 60 })
const SEED = firstSeed()
const WRITERS = 5
const EMOJI = ['👍', '🎉']
const TIME = '2026-11-20T12:00:00.000Z'

const random = seededRandom(SEED)
const pick = (below: number) => Math.floor(random() * below)

let directory: TestDirectory
let relay: RelayProcess
/** Open while a relay runs. */
let up = gate()
let answered = 0
let whenAnswered = { count: Infinity, reached: gate() }
const writers = { isOver: false }

afterEach(async () => {
  await relay.end('SIGKILL')
  await directory.dispose()
})

/** What has to be there in the end: the last accepted version of each record, by its key. */
const bodies = new Map<string, { body: string; rev: number }>()
const reactions = new Map<string, { set: boolean; rev: number }>()
const seqs = new Map<string, number>()

function countAnswer(): void {
  answered += 1
  if (answered >= whenAnswered.count) whenAnswered.reached.open()
}

/** Asks until there is an answer: a relay that was killed in the middle may have done it or not, and is asked again. */
async function untilAnswered<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    await up.opened
    const run = relay
    try {
      return await attempt()
    } catch (error) {
      // Only the death of the relay is a reason not to be answered.
      if (relay === run && !(await run.isDead())) throw error
    }
  }
}

class Writer {
  readonly person: Person
  readonly #roomId: string
  readonly #device: TestDevice
  readonly #own: string[] = []

  constructor(person: Person, roomId: string) {
    this.person = person
    this.#roomId = roomId
    this.#device = new TestDevice(() => relay.url, person)
  }

  async write(): Promise<void> {
    while (!writers.isOver) {
      if (pick(4) === 0) await this.#sendByRest()
      else await this.#push(Array.from({ length: 1 + pick(4) }, () => this.#operation()))
    }
    this.#device.disconnect()
  }

  #operation(): Operation {
    const roomId = this.#roomId
    const messageId = this.#own[pick(this.#own.length)]
    const kind = pick(3)
    if (messageId !== undefined && kind === 1)
      return { type: 'message.edit', roomId, messageId, body: `edit ${newId()}` }
    const any = [...seqs.keys()][pick(seqs.size)]
    if (any !== undefined && kind === 2)
      return { type: 'reaction.set', roomId, messageId: any, emoji: EMOJI[pick(2)] ?? '', set: pick(2) === 0 }
    return { type: 'message.send', roomId, messageId: newId(), body: `text ${newId()}`, sentAt: TIME }
  }

  async #push(operations: Operation[]): Promise<void> {
    const push = this.#device.number(...operations)
    const answers = await this.#answersTo(push)
    // A repeat gets the same answers, also from the next relay.
    if (pick(3) === 0 && !isDeepStrictEqual(await this.#answersTo(push), answers)) throw new Error('another answer')
    for (const [at, answer] of answers.entries()) this.#note(operations[at], answer)
    if (pick(4) > 0) this.#device.settled = this.#device.n
  }

  #answersTo(push: Push): Promise<Answer[]> {
    return untilAnswered(async () => {
      if (!this.#device.socket.connected) await this.#device.connect()
      const ended = this.#device.ended().then(() => Promise.reject(new Error('the connection ended')))
      const result = await Promise.race([this.#device.push(push), ended])
      if (!result.ok || result.answers.length !== push.operations.length) throw new Error(JSON.stringify(result))
      countAnswer()
      return result.answers
    })
  }

  #note(operation: Operation | undefined, answer: Answer): void {
    if (!operation || answer.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`)
    const { rev } = answer
    if (operation.type === 'reaction.set') {
      const key = `${operation.messageId} ${this.person.user.id} ${operation.emoji}`
      // One that was never set is not a record.
      if (operation.set || reactions.has(key)) reactions.set(key, { set: operation.set, rev })
    } else if (operation.type === 'message.send') this.#sent(operation.messageId, operation.body, rev, answer.seq ?? 0)
    else if (operation.type === 'message.edit') bodies.set(operation.messageId, { body: operation.body, rev })
  }

  #sent(messageId: string, body: string, rev: number, seq: number): void {
    bodies.set(messageId, { body, rev })
    seqs.set(messageId, seq)
    this.#own.push(messageId)
  }

  async #sendByRest(): Promise<void> {
    const json = { id: newId(), body: `by REST ${newId()}`, sentAt: TIME }
    const more = { token: this.person.token, json }
    const { message } = await untilAnswered(async () => {
      const reply = await relay.ask<{ message: MessageRecord }>('POST', `/api/v1/rooms/${this.#roomId}/messages`, more)
      if (reply.status > 201) throw new Error(JSON.stringify(reply))
      countAnswer()
      return reply.body
    })
    this.#sent(json.id, json.body, message.rev, message.seq)
  }
}

it(
  `[S1] [S2] ${KILLS} kills under ${WRITERS} writers lose, double and invent nothing, MARU_SEED=${SEED}`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    directory = await TestDirectory.make()
    relay = await RelayProcess.start(directory.path)
    const people: Person[] = []
    for (let n = 1; n <= WRITERS; n++) {
      const json = { username: `writer${n}`, password: 'a password of some length', displayName: `Writer ${n}` }
      people.push((await relay.ask<Person>('POST', '/api/v1/accounts', { json })).body)
    }
    const [first] = people
    if (!first) throw new Error('nobody signed up')
    const memberIds = people.map(({ user }) => user.id)
    const room = { id: newId(), kind: 'group', name: 'Burst', memberIds }
    expect((await relay.ask('POST', '/api/v1/rooms', { token: first.token, json: room })).status).toBe(201)
    up.open()

    const writing = Promise.all(people.map((person) => new Writer(person, room.id).write()))
    for (let kill = 0; kill < KILLS; kill++) {
      whenAnswered = { count: answered + 20 + pick(200), reached: gate() }
      await Promise.race([whenAnswered.reached.opened, writing])
      up = gate()
      await relay.end('SIGKILL')
      relay = await RelayProcess.start(directory.path)
      up.open()
    }
    writers.isOver = true
    await writing

    await relay.end('SIGKILL')
    const storage = await directory.open()
    const stored: StreamRecord[] = []
    for (let more = true; more;) {
      const page = await storage.changes(`room:${room.id}`, stored.at(-1)?.rev ?? 0, {
        limit: 1_000,
        maxBytes: 1_000_000
      })
      stored.push(...page.records)
      more = page.more
    }
    const messages = stored.filter((record) => record.type === 'message')
    expect(messages.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(messages.map((_, at) => at + 1))
    const texts = messages.filter(({ kind }) => kind === 'text')
    expect(byKey(texts, ({ id, body, rev }) => [id, { body, rev }])).toEqual(byKey(bodies, (pair) => pair))
    expect(byKey(texts, ({ id, seq }) => [id, seq])).toEqual(byKey(seqs, (pair) => pair))
    const set = stored.filter((record) => record.type === 'reaction')
    const reactionPair = (one: ReactionRecord) => [`${one.messageId} ${one.userId} ${one.emoji}`, one.set] as const
    expect(byKey(set, reactionPair)).toEqual(byKey(reactions, ([key, one]) => [key, one.set]))
    expect(answered).toBeGreaterThan(20 * KILLS)
  }
)

function byKey<T, V>(all: Iterable<T>, pairOf: (one: T) => readonly [string, V]): Record<string, V> {
  return Object.fromEntries([...all].map(pairOf).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
