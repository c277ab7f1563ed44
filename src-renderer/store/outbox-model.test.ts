// A person's doing, offline and online, at every interleaving that a seed picks: what is seen is what the relay ends up with.
import * as fc from 'fast-check'
import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { roomIdOf } from './outbox-rules.ts'
import {
  effective,
  standingAvailability,
  standingBlocks,
  standingName,
  standingRoom,
  standingSettings,
  standingUser
} from './outbox-standing.ts'
import type { Base } from './outbox-standing.ts'
import { buildMembers } from './members.ts'
import { createChatCommands } from './chat-commands.ts'
import type { ChatCommands } from './chat-store.ts'
import { messageKey } from './schemas.ts'
import { modelOutbox, ModelRelay, noRecords, store } from './testing/model-outbox.ts'
import type { ModelRecords } from './testing/model-outbox.ts'
import { buildTimeline } from './timeline.ts'
import { userStream } from '../../protocol/streams.ts'
import type { OutboxEntry } from './sync-store.ts'

const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {}
const RUNS = env['MARU_LONG'] === 'true' ? 10_000 : 200
/** Of one test, on a busy machine. */
const PATIENCE_MS = RUNS * 300
const SEED = env['MARU_SEED'] === undefined ? {} : { seed: Number(env['MARU_SEED']) }

const me = newId()
const others = [newId(), newId(), newId()]
const emojis = ['👍', '❤️']
const names = ['hall', 'porch', 'yard']

interface Seen {
  name: string | undefined
  /** Text or 'deleted', with who reacted and what it answers; in order. */
  messages: Record<string, unknown>
  settings: object
  members: string[]
  displayName: string | undefined
  status: string | null
  topic: string | null
  writers: 'admins' | null
  blocked: string[]
  receipts: boolean
  availability: string
}

/** What the screen shows of one room, from the device's own functions. */
function look(roomId: string, records: ModelRecords, entries: readonly OutboxEntry[]): Seen {
  const inRoom = entries.filter(({ operation }) => roomIdOf(operation) === roomId)
  const { items } = buildTimeline({
    roomId,
    userId: me,
    fromSeq: 1,
    rows: records.messages.values(),
    reactions: records.reactions.values(),
    quoted: new Map(),
    entries,
    headSeq: 0
  })
  const shown = items
    .filter(({ state, deletedAt }) => state?.name !== 'refused' && deletedAt === undefined)
    .map(({ id, body, reactions = [], replyTo }) => {
      return [
        id,
        { body, reactions: reactions.map(({ emoji }) => emoji).toSorted(byText), replyTo: replyTo?.id ?? null }
      ]
    })
  const user = records.users.get(me)
  const terms = standingRoom(records.rooms.get(roomId), inRoom)
  const members = buildMembers(roomId, me, new Map([...records.members].map(([key, row]) => [key, row])), entries)
  return {
    name: standingName(records.rooms.get(roomId), inRoom)?.name,
    messages: Object.fromEntries(shown),
    settings: standingSettings(records.membership.get(roomId), inRoom, me),
    members: members.flatMap(({ userId, pending }) => (pending === 'removing' ? [] : [userId])).toSorted(byText),
    displayName: user && standingUser(user, entries).displayName,
    status: (user && standingUser(user, entries).status) ?? null,
    topic: terms.topic ?? null,
    writers: terms.writers ?? null,
    blocked: [...standingBlocks(records.blocks, entries, me)].toSorted(byText),
    receipts: (user && standingUser(user, entries).receipts) ?? true,
    availability: standingAvailability(records.preferences.get('preferences'), entries, me)
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** One device with its relay; `step` does what numbers pick, and keeps count of what the person did. */
async function world(interfering: () => number) {
  const relay = new ModelRelay(me)
  const held = noRecords()
  let delivered = 0
  let refusing = (): boolean => false
  const outbox = modelOutbox(() => {
    const limit = interfering()
    if (limit > 0) outbox.number(limit)
  })
  const base = async (operation: OutboxEntry['operation']): Promise<Base> => {
    const roomId = roomIdOf(operation)
    if (operation.type === 'block.set') return { userId: me, block: held.blocks.get(operation.userId) }
    if (operation.type === 'preferences.change') return { userId: me, preferences: held.preferences.get('preferences') }
    if (roomId === null) return { userId: me, user: held.users.get(me) }
    const key = 'messageId' in operation ? messageKey(roomId, operation.messageId) : ''
    const emoji = operation.type === 'reaction.set' ? operation.emoji : ''
    return {
      userId: me,
      room: held.rooms.get(roomId),
      membership: held.membership.get(roomId),
      message: held.messages.get(key),
      reaction: held.reactions.get(`${key}|${me}|${emoji}`),
      members: new Map([...held.members.values()].map((row) => [row.userId, row]))
    }
  }
  const commands: ChatCommands = createChatCommands({
    userId: me,
    outbox: outbox.part,
    drafts: undefined as never,
    base,
    now: () => 0,
    urgent: new Subject()
  })
  const deliver = (count: number): void => {
    for (const change of relay.log.slice(delivered, delivered + count)) store(held, change)
    delivered = Math.min(relay.log.length, delivered + count)
    const shown = outbox.entries().filter(({ state, accepted }) => {
      const rest = relay.log.slice(delivered)
      return (
        state === 'accepted' && !rest.some(({ stream, row }) => stream === accepted?.stream && row.rev <= accepted.rev)
      )
    })
    outbox.remove(shown.map(({ id }) => id))
  }
  const push = (count: number): void => {
    const numbered = outbox.number(0).slice(0, count)
    outbox.answer(numbered.map((entry) => relay.decide(entry, refusing())))
  }
  const settle = (): void => {
    refusing = () => false
    for (let round = 0; outbox.entries().some(({ state }) => state !== 'refused'); round++) {
      if (round > 1000) throw new Error(`the outbox does not become empty: ${JSON.stringify(outbox.entries())}`)
      outbox.number(3)
      push(2)
      deliver(2)
    }
    deliver(relay.log.length)
  }
  deliver(1)
  return {
    relay,
    held,
    outbox,
    commands,
    deliver,
    push,
    settle,
    refuse: (decide: () => boolean) => (refusing = decide),
    see: (roomId: string) => look(roomId, held, outbox.entries())
  }
}

type World = Awaited<ReturnType<typeof world>>

/** What the person expects to see: each command does just what it says. */
interface Expected {
  name: string
  messages: Map<string, { body: string; reactions: Set<string>; replyTo: string | null }>
  settings: { readSeq: number; unreadFrom: number | null; mutedUntil: string | null; pinned: boolean }
  members: Set<string>
  displayName: string
  status: string | null
  topic: string | null
  writers: 'admins' | null
  blocked: Set<string>
  receipts: boolean
  availability: 'auto' | 'dnd' | 'invisible'
}

function seenOf(expected: Expected): Seen {
  const messages = [...expected.messages].map(([id, { body, reactions, replyTo }]) => {
    return [id, { body, reactions: [...reactions].toSorted(byText), replyTo }]
  })
  const { members, blocked, ...rest } = expected
  return {
    ...rest,
    messages: Object.fromEntries(messages),
    members: [...members].toSorted(byText),
    blocked: [...blocked].toSorted(byText)
  }
}

/** One wish of the person; returns what was done, for the message of a failure. */
async function act(
  roomId: string,
  { commands, outbox }: World,
  expected: Expected,
  [what, a, b]: Step
): Promise<string> {
  const ids = [...expected.messages.keys()]
  const id = ids[a % Math.max(1, ids.length)]
  const message = id === undefined ? undefined : expected.messages.get(id)
  switch (what % 19) {
    case 0:
    case 1: {
      const replyTo = b % 3 === 0 ? id : undefined
      const body = `text ${a} ${b}`
      const sent = await commands.sendMessage(roomId, body, replyTo === undefined ? {} : { replyTo })
      expected.messages.set(sent, { body, reactions: new Set(), replyTo: replyTo ?? null })
      return `send ${body}`
    }
    case 2:
    case 3: {
      if (!message || id === undefined) return ''
      message.body = `edited ${b}`
      await commands.editMessage(roomId, id, message.body)
      return `edit ${message.body}`
    }
    case 4: {
      if (!message || id === undefined) return ''
      const wasSent = !outbox.entries().some(({ operation, n }) => {
        return operation.type === 'message.send' && operation.messageId === id && n === null
      })
      await commands.deleteMessage(roomId, id)
      expected.messages.delete(id)
      // Answers to what never was lose their quote.
      const isGone =
        !wasSent && !outbox.entries().some(({ operation }) => 'messageId' in operation && operation.messageId === id)
      if (isGone) for (const each of expected.messages.values()) if (each.replyTo === id) each.replyTo = null
      return `delete ${message.body}`
    }
    case 5:
    case 6: {
      if (!message || id === undefined) return ''
      const emoji = emojis[b % 2]!
      const set = Math.floor(b / 2) % 2 === 0
      if (set) message.reactions.add(emoji)
      else message.reactions.delete(emoji)
      await commands.setReaction(roomId, id, emoji, set)
      return `react ${emoji} ${set}`
    }
    case 7: {
      expected.settings.readSeq = Math.max(expected.settings.readSeq, a % 10)
      expected.settings.unreadFrom = null
      await commands.markRead(roomId, a % 10)
      return `read ${a % 10}`
    }
    case 8: {
      expected.settings.unreadFrom = 1 + (a % 10)
      await commands.markUnread(roomId, 1 + (a % 10))
      return 'unread'
    }
    case 9: {
      expected.settings.pinned = a % 2 === 0
      await commands.setPinned(roomId, a % 2 === 0)
      return 'pin'
    }
    case 10: {
      expected.settings.mutedUntil = a % 2 === 0 ? '2030-01-01T00:00:00.000Z' : null
      await commands.setMuted(roomId, expected.settings.mutedUntil)
      return 'mute'
    }
    case 11: {
      expected.name = names[a % 3]!
      await commands.renameRoom(roomId, expected.name)
      return `rename ${expected.name}`
    }
    case 12: {
      const who = others.filter((_, index) => ((a >> index) & 1) === 1)
      if (who.length === 0) return ''
      if (b % 2 === 0) {
        for (const each of who) expected.members.add(each)
        await commands.addMembers(roomId, who)
      } else {
        expected.members.delete(who[0]!)
        await commands.removeMember(roomId, who[0]!)
      }
      return `${b % 2 === 0 ? 'add' : 'remove'} ${who.join()}`
    }
    case 13: {
      expected.topic = a % 4 === 0 ? null : names[a % 3]!
      await commands.changeRoom(roomId, { topic: expected.topic })
      return `topic ${expected.topic}`
    }
    case 14: {
      expected.writers = a % 2 === 0 ? null : 'admins'
      await commands.changeRoom(roomId, { writers: expected.writers })
      return `writers ${expected.writers}`
    }
    case 15: {
      const who = others[a % 2]!
      if (b % 2 === 0) expected.blocked.add(who)
      else expected.blocked.delete(who)
      await commands.setBlock(who, b % 2 === 0)
      return `block ${who} ${b % 2 === 0}`
    }
    case 16: {
      expected.availability = (['auto', 'dnd', 'invisible'] as const)[a % 3]!
      await commands.setAvailability(expected.availability)
      return expected.availability
    }
    case 17: {
      expected.receipts = a % 2 === 0
      await commands.setReceipts(expected.receipts)
      return `receipts ${expected.receipts}`
    }
    default: {
      if (b % 2 === 0) {
        expected.status = a % 3 === 0 ? null : names[a % 3]!
        await commands.changeProfile({ status: expected.status })
        return `status ${expected.status}`
      }
      expected.displayName = names[a % 3]!
      await commands.changeProfile({ displayName: expected.displayName })
      return `profile ${expected.displayName}`
    }
  }
}

type Step = [what: number, a: number, b: number, network: number]
const steps = fc.array(fc.tuple(fc.nat(18), fc.nat(40), fc.nat(40), fc.nat(40)), { maxLength: 40, size: 'max' })
const interferences = fc.infiniteStream(fc.integer({ min: -12, max: 2 }))

/** Something that the network does between two commands. */
function network({ outbox, push, deliver }: World, pick: number): string {
  if (pick % 5 === 0) outbox.number(1 + (pick % 3))
  else if (pick % 5 === 1) push(1 + (pick % 4))
  else if (pick % 5 === 2) deliver(1 + (pick % 6))
  else return ''
  return ['number', 'push', 'deliver'][pick % 5]!
}

async function begun(interfering: () => number) {
  const device = await world(interfering)
  const roomId = await device.commands.createRoom('hall', [others[0]!])
  const expected: Expected = {
    name: 'hall',
    messages: new Map(),
    settings: { readSeq: 0, unreadFrom: null, mutedUntil: null, pinned: false },
    members: new Set([me, others[0]!]),
    displayName: 'Mina',
    status: null,
    topic: null,
    writers: null,
    blocked: new Set(),
    receipts: true,
    availability: 'auto'
  }
  return { device, roomId, expected }
}

/** What is to be seen after a cancelling, as far as it can be told from before; else what is seen. */
function cancelled(entry: OutboxEntry, outcome: string, before: Seen, now: Seen): Seen {
  if (outcome === 'too-late') return before
  if (entry.operation.type !== 'message.send') return now
  const { [entry.operation.messageId]: _, ...messages } = now.messages
  return { ...now, messages }
}

/** Says in a failure what was done before it. */
function check(done: readonly string[], seen: unknown, wanted: unknown): void {
  const what = done.filter((each) => each !== '').join(', ')
  expect({ what, seen }).toEqual({ what, seen: wanted })
}

describe('the outbox and what is seen', () => {
  it(
    '[S2] [S12] whatever is transmitted when: each wish shows at once, nothing else changes the view, and the relay ends up with it',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, interferences, async (plan, numbers) => {
          const { device, roomId, expected } = await begun(() => numbers.next().value)
          const done: string[] = []
          for (const step of plan) {
            done.push(await act(roomId, device, expected, step))
            check(done, device.see(roomId), seenOf(expected))
            done.push(network(device, step[3]))
            check(done, device.see(roomId), seenOf(expected))
          }
          device.settle()
          expect(device.outbox.entries()).toEqual([])
          check(done, device.see(roomId), seenOf(expected))
          expect(look(roomId, device.relay.records, [])).toEqual(seenOf(expected))
        }),
        { numRuns: RUNS, ...SEED }
      )
    },
    PATIENCE_MS
  )

  it(
    '[S6] cancelling takes effect at once, and the relay ends up with what is seen then',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, interferences, async (plan, numbers) => {
          const { device, roomId, expected } = await begun(() => numbers.next().value)
          const done: string[] = []
          for (const step of plan) {
            done.push(await act(roomId, device, expected, step).catch((error: unknown) => `${error as Error}`))
            done.push(network(device, step[3]))
            const entries = device.outbox.entries().filter(({ operation }) => operation.type !== 'room.create')
            const entry = entries[step[1] % Math.max(1, entries.length)]
            if (!entry || step[2] % 3 !== 0) continue
            const before = device.see(roomId)
            const outcome = await device.commands.cancel(entry.id)
            done.push(`cancel ${entry.operation.type} ${entry.state} ${entry.n}: ${outcome}`)
            const now = device.see(roomId)
            check(done, now, cancelled(entry, outcome, before, now))
            // From here on the person expects what is seen, for what is left to be said about.
            for (const id of expected.messages.keys()) if (!(id in now.messages)) expected.messages.delete(id)
          }
          const last = device.see(roomId)
          device.settle()
          expect(device.outbox.entries()).toEqual([])
          check(done, look(roomId, device.relay.records, []), last)
        }),
        { numRuns: RUNS, ...SEED }
      )
    },
    PATIENCE_MS
  )

  it(
    '[S6] whatever the relay refuses: no words are lost, what is seen is what it has, and a retry brings all of it, in order',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, interferences, async (plan, numbers) => {
          const { device, roomId, expected } = await begun(() => numbers.next().value)
          let refusals = 0
          device.refuse(() => ++refusals % 4 === 0)
          const done: string[] = []
          const said = new Set<string>()
          for (const step of plan) {
            const wish = await act(roomId, device, expected, step).catch((error: unknown) => `${error as Error}`)
            done.push(wish, network(device, step[3]))
            if (wish.startsWith('send ')) said.add([...expected.messages.keys()].at(-1)!)
            if (wish.startsWith('delete ')) for (const id of said) if (!expected.messages.has(id)) said.delete(id)
          }
          device.settle()
          const refused = device.outbox.entries()
          expect(refused.every(({ state }) => state === 'refused')).toBe(true)
          check(done, look(roomId, device.held, refused), look(roomId, device.relay.records, []))
          const kept = new Set(
            [...device.relay.records.messages.values(), ...refused.map(({ operation }) => operation)].flatMap(
              (each) => {
                return each.type === 'message' ? [each.id] : each.type === 'message.send' ? [each.messageId] : []
              }
            )
          )
          check(
            done,
            [...said].filter((id) => !kept.has(id)),
            []
          )

          for (let round = 0; device.outbox.entries().length > 0 && round < 10; round++) {
            for (const { id } of device.outbox.entries()) await device.commands.retry(id)
            device.settle()
            // What the relay refuses again by its own rules: an edit of a message that was deleted meanwhile. Never a message.
            const stuck = device.outbox
              .entries()
              .filter(({ operation }) => round > 4 && operation.type !== 'message.send')
            for (const { id } of stuck) await device.commands.discard(id)
          }
          check(done, device.outbox.entries(), [])
          const lost = [...said].filter((id) => !device.relay.records.messages.has(messageKey(roomId, id)))
          check(done, lost, [])
        }),
        { numRuns: RUNS, ...SEED }
      )
    },
    PATIENCE_MS
  )

  it('[S11] what an accepted leaving shows does not depend on which of answer and record comes first', async () => {
    const { device, roomId } = await begun(() => 0)
    device.settle()
    await device.commands.leaveRoom(roomId)
    device.outbox.number(1)
    device.push(1)
    const entries = device.outbox.entries()
    expect(effective(entries, device.held.membership.get(roomId), userStream(me))).toHaveLength(1)
    device.deliver(10)
    expect(device.outbox.entries()).toEqual([])
    expect(device.held.membership.get(roomId)!.state).toBe('left')
  })
})
