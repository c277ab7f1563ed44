// A living room: everybody connected, a third coming and going, messages at a steady pace, everybody reading, some typing, all watching who is there.
// What the relay spends on that beyond the messages, and whether all devices derive the same numbers once it is quiet.
import { buildReadNumbers } from '../../src-renderer/store/read-numbers.ts'
import { createLivingClient } from '../load/living-client.ts'
import type { Living, LivingClient } from '../load/living-client.ts'
import { startRelayProcess } from '../processes.ts'
import type { Server } from '../processes.ts'
import { grouped, rounded, wait } from '../row.ts'
import type { Bench, Row } from '../row.ts'
import { seed } from '../seed.ts'
import type { Seat } from '../plan.ts'

const MESSAGES_PER_SECOND = 50
const BODY_CHARS = 44
const WRITERS = 50
const TYPISTS = 20
const CONNECTING = 50
/** As the app: so long after a message came into sight it is marked. */
const READ_AFTER_MS = 500
const TYPING_REPEAT_MS = 3_000
/** How long one of the third is away, or there, at least; at most twice as long. */
const FLAP_MS = 5_000
const WATCHED = 30
/** Of the newest messages, whose numbers are compared. */
const COMPARED = 200
const PATIENCE_MS = 60_000
/** People; the goal for the relay's share is said of such a room. */
const LARGE = 1_000
const GOAL = { share: 0.5, exactMs: 2_000 }

interface Spent {
  cpuSeconds: number
  seconds: number
  messages: number
}

export async function livingRows(bench: Bench): Promise<Row[]> {
  const place = await bench.newPlace()
  const people = bench.options.sizes.livingPeople
  const { roomId, seats } = await seed(place, { people, bodyChars: BODY_CHARS })
  const { profile } = bench.options
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const server = await startRelayProcess({ ...place, nodeArgs })
  const faults: string[] = []
  const living: Living = {
    port: server.port,
    roomId,
    bodyChars: BODY_CHARS,
    placeOf: new Map(seats.map(({ userId }, place) => [userId, place])),
    parsed: undefined,
    looked: undefined,
    fault: (text) => void faults.push(text),
    counts: { marks: 0, messages: 0, typingFrames: 0, presenceFrames: 0, readFrames: 0, pulls: 0 }
  }
  const crowd = new Crowd(living, seats)
  await crowd.connect()
  bench.say(`  ${people} are connected`)
  const { warmUpMs, measureMs } = bench.options.sizes
  const ms = 2 * measureMs

  await crowd.live(warmUpMs, 'messages alone')
  const idle = await spent(server, living, () => wait(ms / 4))
  const alone = await spent(server, living, () => crowd.live(ms, 'messages alone'))
  await crowd.live(warmUpMs, 'all of it')
  const before = { ...living.counts }
  const all = await spent(server, living, () => crowd.live(ms, 'all of it'))
  const did = Object.fromEntries(
    Object.entries(living.counts).map(([name, count]) => [name, count - before[name as keyof typeof before]])
  ) as typeof before
  bench.say(`  ${grouped(did.messages)} messages, ${grouped(did.marks)} marks; now it is quiet`)
  await crowd.everybodyBack()
  await crowd.lastWords()
  const exactMs = await crowd.exactAfter(GOAL.exactMs)
  crowd.close()
  await server.stop()
  if (faults.length > 0) throw new Error(`${faults.length} faults: ${faults.slice(0, 10).join('; ')}`)

  const base = idle.cpuSeconds / idle.seconds
  const [messagesCpu = NaN, allCpu = NaN] = [alone, all].map(({ cpuSeconds, seconds }) => cpuSeconds / seconds - base)
  const pace = (what: Spent): number => what.messages / what.seconds
  // At the pace of the second part, if the machine did not keep that of the first.
  const messagesThen = messagesCpu * (pace(all) / pace(alone))
  const share = (allCpu - messagesThen) / messagesThen
  const isLarge = people >= LARGE
  return [
    {
      name: `living ${people}`,
      figure:
        `read state, presence and typing: ${rounded(share)} × the message path's CPU (${rounded(messagesCpu * 100, 0)} % of a core at ${rounded(pace(alone), 0)} messages/s, ` +
        `${rounded(allCpu * 100, 0)} % with all of it at ${rounded(pace(all), 0)}/s; idle ${rounded(base * 100, 0)} %); ` +
        `${grouped(did.marks / all.seconds)} marks/s, ${grouped(did.readFrames / all.seconds)} frames of reads, ${grouped(did.presenceFrames / all.seconds)} of presence, ${grouped(did.typingFrames / all.seconds)} of typing per second; ` +
        (exactMs === undefined
          ? `numbers NOT equal ${GOAL.exactMs} ms after quiet`
          : `all ${people} exact ${rounded(exactMs, 0)} ms after quiet`),
      // What a mark costs does not depend on how many people hear of a message: the goal is of a large room.
      goal: `${isLarge ? `≤ ${GOAL.share} ×, ` : ''}exact within ${GOAL.exactMs} ms`,
      met: exactMs !== undefined && (!isLarge || share <= GOAL.share),
      values: {
        share: rounded(share),
        messagesCpu: rounded(messagesCpu),
        allCpu: rounded(allCpu),
        idleCpu: rounded(base),
        messagesPerSecondAlone: rounded(pace(alone)),
        messagesPerSecond: rounded(pace(all)),
        exactMs: exactMs === undefined ? 'never' : rounded(exactMs),
        ...Object.fromEntries(Object.entries(did).map(([name, count]) => [name, rounded(count / all.seconds)]))
      }
    }
  ]
}

async function spent(server: Server, { counts }: Living, work: () => Promise<void>): Promise<Spent> {
  const cpu = async (): Promise<number> => {
    const { user, system } = (await server.figures()).cpu
    return (user + system) / 1e6
  }
  const [from, began, messages] = [await cpu(), performance.now(), counts.messages]
  await work()
  const seconds = (performance.now() - began) / 1000
  return { cpuSeconds: (await cpu()) - from, seconds, messages: counts.messages - messages }
}

/** What people do. The same people come and go, whatever else they do. */
class Crowd {
  readonly #living: Living
  readonly #seats: readonly Seat[]
  readonly #clients: LivingClient[]
  readonly #flapping: LivingClient[]
  /** When each of the third comes or goes next. */
  readonly #turns = new Map<LivingClient, number>()
  readonly #connecting = new Map<LivingClient, Promise<void>>()

  constructor(living: Living, seats: readonly Seat[]) {
    this.#living = living
    this.#seats = seats
    this.#clients = seats.map((seat, number) => createLivingClient(living, seat, number))
    this.#flapping = this.#clients.filter((_, number) => number % 3 === 2)
  }

  async connect(): Promise<void> {
    for (let at = 0; at < this.#clients.length; at += CONNECTING) {
      await Promise.all(this.#clients.slice(at, at + CONNECTING).map((client) => client.connect()))
    }
  }

  async live(ms: number, what: 'messages alone' | 'all of it'): Promise<void> {
    const began = performance.now()
    const writers = this.#clients.filter((_, number) => number % 3 === 0).slice(0, WRITERS)
    const typists = this.#clients.filter((_, number) => number % 3 === 1).slice(0, TYPISTS)
    const isAll = what === 'all of it'
    if (isAll) for (const [number, client] of this.#clients.entries()) this.#watch(number, client)
    let [sent, lookedAt, typedAt] = [0, 0, -Infinity]
    for (let now = 0; now < ms; now = performance.now() - began) {
      // Who has not been answered waits: on a machine that is too busy the pace sinks, and is said.
      for (; sent < (now / 1000) * MESSAGES_PER_SECOND; sent++) {
        const writer = writers[sent % WRITERS]
        if (writer?.isBusy === false) writer.send()
      }
      this.#flap(began + now, isAll)
      // A device marks what it has seen READ_AFTER_MS after that: not all at the same moment.
      if (isAll) {
        const to = Math.floor((now / READ_AFTER_MS) * this.#clients.length)
        for (; lookedAt < to; lookedAt++) this.#clients[lookedAt % this.#clients.length]?.markRead()
        if (now - typedAt >= TYPING_REPEAT_MS) {
          typedAt = now
          for (const client of typists) client.type(true)
        }
      }
      await wait(5)
    }
    if (isAll) for (const client of typists) client.type(false)
  }

  #watch(number: number, client: LivingClient): void {
    const first = number - (number % WATCHED)
    client.watch(this.#seats.slice(first, first + WATCHED).map(({ userId }) => userId))
  }

  #flap(now: number, isAll: boolean): void {
    for (const [index, client] of this.#flapping.entries()) {
      const turn = this.#turns.get(client) ?? now + Math.random() * FLAP_MS
      if (now < turn || this.#connecting.has(client)) {
        this.#turns.set(client, turn)
        continue
      }
      this.#turns.set(client, now + FLAP_MS * (1 + Math.random()))
      if (client.isOnline) client.cut()
      else this.#come(client, () => isAll && this.#watch(index * 3 + 2, client))
    }
  }

  #come(client: LivingClient, then: () => unknown = () => {}): void {
    const coming = client
      .connect()
      .then(() => void then())
      .catch((error: unknown) => this.#living.fault(String(error)))
      .finally(() => this.#connecting.delete(client))
    this.#connecting.set(client, coming)
  }

  /** Resolves when all are connected, and everything that was asked is answered. */
  async everybodyBack(): Promise<void> {
    await Promise.all(this.#connecting.values())
    for (const client of this.#clients) if (!client.isOnline) this.#come(client)
    await Promise.all(this.#connecting.values())
    await this.#answered()
  }

  /** Some more is said, and half of all have read it; resolves when the relay has answered that: from then on it is quiet. */
  async lastWords(): Promise<void> {
    for (const client of this.#clients.slice(0, WRITERS)) client.send()
    await this.#answered()
    for (const client of this.#clients.filter((_, number) => number % 2 === 0)) client.markRead()
    await this.#answered()
  }

  async #answered(): Promise<void> {
    const began = performance.now()
    while (this.#clients.some(({ isBusy }) => isBusy)) {
      if (performance.now() - began > PATIENCE_MS) throw new Error('some requests were never answered')
      await wait(5)
    }
  }

  /** @returns after how many ms all derive the same numbers as a device that asks the relay anew; undefined: not within `ms` */
  async exactAfter(ms: number): Promise<number | undefined> {
    const began = performance.now()
    const seat = this.#seats[0]
    if (!seat) throw new Error('there is nobody')
    for (;;) {
      const fresh = createLivingClient(this.#living, seat, -1)
      await fresh.connect()
      const now = performance.now() - began
      const isTold = this.#clients.every(({ read }) => read.every((seq, place) => seq === fresh.read[place]))
      fresh.cut()
      // Deriving a thousand times takes longer than the answer.
      if (isTold || now > ms) {
        const truth = this.#numbers(fresh)
        return this.#clients.every((client) => this.#numbers(client) === truth) ? now : undefined
      }
      await wait(50)
    }
  }

  /** The number beside each of the newest messages, as the app derives it. */
  #numbers(client: LivingClient): string {
    const members = this.#seats.map(({ userId }) => ({ userId, state: 'joined', joinedSeq: 0 }) as const)
    const numbers = buildReadNumbers({
      members,
      readSeq: (userId) => client.read[this.#living.placeOf.get(userId) ?? -1] || undefined,
      counts: () => true
    })
    const from = Math.max(1, client.seen - COMPARED + 1)
    const seqs = Array.from({ length: client.seen - from + 1 }, (_, nth) => from + nth)
    return `${client.seen}: ${seqs.map((seq) => numbers.unread(seq, this.#seats[0]?.userId ?? '')).join()}`
  }

  close(): void {
    for (const client of this.#clients) client.cut()
  }
}
