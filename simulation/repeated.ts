// [S10.5] What has to be again after a relay went back: own words once and in their order, and the effects of own edits, deletions, reactions,
// marks and settings that it still had something of. Judges by what the relay lost and which device held it then.
import type { Operation } from '../protocol/operations.ts'
import type { MessageRecord, StreamRecord } from '../protocol/records.ts'
import { roomOfStream, roomStream, userOfStream } from '../protocol/streams.ts'
import type { StreamId } from '../protocol/streams.ts'
import type { SimulatedDevice } from './device.ts'
import { Violation } from './violation.ts'
import type { LostVersion } from './witness.ts'
import type { World } from './world.ts'

/** What devices held when the relay was put back: by device, stream and key, the rev. */
export type Holdings = ReadonlyMap<SimulatedDevice, ReadonlyMap<StreamId, ReadonlyMap<string, number>>>

export function holdingsOf(devices: readonly SimulatedDevice[]): Holdings {
  return new Map(
    devices.map((device) => [
      device,
      new Map(
        [...device.kept.disk.records].map(([stream, records]) => [
          stream,
          new Map([...records].flatMap(([key, { record, onlyHere }]) => (onlyHere ? [] : [[key, record.rev] as const])))
        ])
      )
    ])
  )
}

/** What is asked of the checks that know more. */
export interface Judges {
  /** Whether the user may still speak in that room, as it was when the relay was put back too. */
  maySpeak(roomId: string, userId: string): boolean
  isUnknowable(device: SimulatedDevice, stream: StreamId, key: string): boolean
}

export function checkRepeated(world: World, judges: Judges): void {
  const lost = world.truth.lost.filter((each) => isKnown(world, each, judges))
  for (const each of lost) checkEffect(world, each, judges)
  checkOrder(world, lost)
  checkDoubled(world)
}

/** Whether a device of whose it is held what was lost, and can know that it is. */
function isKnown({ devices, holdings }: World, { era, stream, key, was }: LostVersion, judges: Judges): boolean {
  return devices.some((device) => {
    const rev = holdings[era - 1]?.get(device)?.get(stream)?.get(key)
    return device.userId === ownerOf(stream, was) && rev === was.rev && !judges.isUnknowable(device, stream, key)
  })
}

function ownerOf(stream: StreamId, record: StreamRecord): string | undefined {
  if (record.type === 'message') return record.kind === 'text' ? record.authorId : undefined
  if (record.type === 'reaction') return record.userId
  return record.type === 'user' ? record.id : userOfStream(stream)
}

/** That something lost was repeated shows in its not being any more as the older copy had it. */
function checkEffect(world: World, lost: LostVersion, judges: Judges): void {
  const { era, stream, key, was, is } = lost
  const { truth, intents } = world
  const userId = ownerOf(stream, was) ?? ''
  const now = truth.record(stream, key)
  const roomId = roomOfStream(stream) ?? (was.type === 'membership' ? was.roomId : undefined)
  if (roomId !== undefined && !judges.maySpeak(roomId, userId)) return
  for (const value of valuesOf(was)) {
    const [before, after, end] = [value.of(was, lost), value.of(is, lost), value.of(now, lost)]
    if (before === after || end !== after || !value.isRepeated(lost, now)) continue
    const isAbout = (operation: Operation): boolean => value.isAbout(operation, was)
    const isExcused = [...intents.all.values()].some(({ id, device, operation, state, refused }) => {
      if (device.userId !== userId || !isAbout(operation)) return false
      // Refused, taken back, or done again as it was before.
      const later = (truth.decisions.get(id) ?? []).filter((decision) => decision.era >= era)
      return (
        refused ||
        state === 'withdrawn' ||
        later.some(({ status }) => status === 'refused' || value.makes(operation, after))
      )
    })
    if (!isExcused)
      throw new Violation(
        'S10.5',
        `${value.name} of ${key} in ${stream} was ${before}, is ${end} by an older copy${is ? '' : ' without it'}, and was not repeated`
      )
  }
}

interface Value {
  name: string
  of(record: StreamRecord | undefined, lost: LostVersion): string | number | boolean | null | undefined
  /** Whether the rules promise it. */
  isRepeated(lost: LostVersion, now: StreamRecord | undefined): boolean
  isAbout(operation: Operation, was: StreamRecord): boolean
  makes(operation: Operation, value: unknown): boolean
}

/**
 * What of a stream was made after the copy is in no answer of the relay, so that no device misses it: blocks and preferences that the copy has an
 * older version of are repeated, first ones are not (seeds 240 and 284), against [S10.5].
 */
const isKnownToCopy = ({ is }: LostVersion): boolean => is !== undefined

const read = <T extends StreamRecord['type']>(type: T, record: StreamRecord | undefined) =>
  record?.type === type ? (record as Extract<StreamRecord, { type: T }>) : undefined

function setting(name: 'pinned' | 'mutedUntil'): Value {
  return {
    name,
    of: (record) => read('membership', record)?.[name] ?? null,
    isRepeated: ({ was, is }, now) => [was, is, now].every((each) => read('membership', each)?.state === 'joined'),
    isAbout: (operation, was) =>
      operation.type === 'room.settings' && was.type === 'membership' && operation.roomId === was.roomId,
    makes: (operation, value) => operation.type === 'room.settings' && (operation[name] || null) === value
  }
}

const VALUES: Partial<Record<StreamRecord['type'], readonly Value[]>> = {
  message: [
    {
      name: 'the text',
      of: (record) => read('message', record)?.body,
      isRepeated: ({ was, is }, now) =>
        [was, is, now].every((each) => read('message', each) && !read('message', each)?.deletedAt),
      isAbout: (operation, was) =>
        operation.type === 'message.edit' && was.type === 'message' && operation.messageId === was.id,
      makes: (operation, value) => operation.type === 'message.edit' && operation.body === value
    },
    {
      name: 'the deletion',
      of: (record) => read('message', record)?.deletedAt !== undefined,
      isRepeated: ({ is }, now) => is !== undefined && now !== undefined,
      isAbout: (operation, was) =>
        operation.type === 'message.delete' && was.type === 'message' && operation.messageId === was.id,
      makes: () => false
    }
  ],
  reaction: [
    {
      name: 'the reaction',
      of: (record) => read('reaction', record)?.set ?? false,
      isRepeated: ({ message }) => message !== undefined && message.deletedAt === undefined,
      isAbout: (operation, was) =>
        operation.type === 'reaction.set' &&
        was.type === 'reaction' &&
        operation.messageId === was.messageId &&
        operation.emoji === was.emoji,
      makes: (operation, value) => operation.type === 'reaction.set' && operation.set === value
    }
  ],
  membership: [
    {
      name: 'the read mark',
      // As far as the older copy has messages.
      of: (record, { headSeq }) => Math.min(read('membership', record)?.readSeq ?? 0, headSeq),
      isRepeated: ({ was, is }, now) => [was, is, now].every((each) => read('membership', each)?.state === 'joined'),
      isAbout: (operation, was) =>
        operation.type === 'read.mark' && was.type === 'membership' && operation.roomId === was.roomId,
      makes: () => false
    },
    setting('pinned'),
    setting('mutedUntil')
  ],
  block: [
    {
      name: 'the block',
      of: (record) => read('block', record)?.set ?? false,
      isRepeated: isKnownToCopy,
      isAbout: (operation, was) =>
        operation.type === 'block.set' && was.type === 'block' && operation.userId === was.userId,
      makes: (operation, value) => operation.type === 'block.set' && operation.set === value
    }
  ],
  preferences: [
    {
      name: 'the availability',
      of: (record) => read('preferences', record)?.availability ?? 'auto',
      isRepeated: isKnownToCopy,
      isAbout: ({ type }) => type === 'preferences.change',
      makes: (operation, value) => operation.type === 'preferences.change' && operation.availability === value
    }
  ],
  user: [
    {
      name: 'that nobody is told',
      of: (record) => read('user', record)?.receipts === false,
      isRepeated: ({ was }) => read('user', was)?.receipts === false,
      isAbout: (operation) => operation.type === 'profile.change' && operation.receipts !== undefined,
      makes: (operation) => operation.type === 'profile.change' && operation.receipts === true
    }
  ]
}

function valuesOf({ type }: StreamRecord): readonly Value[] {
  return VALUES[type] ?? []
}

/**
 * Of who has one device: of several, each brings back what it held. And of what was found lost at once: once others have spoken in its seqs, pages
 * tell of it, the newest first, so that what was said last comes back first (seed 1404). No rule says otherwise.
 */
function checkOrder({ truth, people, intents }: World, lost: readonly LostVersion[]): void {
  const single = new Set(people.filter(({ devices }) => devices.length === 1).map(({ userId }) => userId))
  const stubborn = new Set<string>()
  for (const { id, operation } of intents.all.values())
    if (operation.type === 'message.send' && truth.decisions.get(id)?.some(({ status }) => status === 'refused'))
      stubborn.add(operation.messageId)
  const groups = new Map<string, { before: MessageRecord; after: MessageRecord }[]>()
  for (const { era, stream, key, was, is } of lost) {
    if (was.type !== 'message' || is !== undefined || !single.has(was.authorId) || stubborn.has(was.id)) continue
    const after = truth.record(stream, key)
    if (after?.type !== 'message') continue
    const group = `${era} ${stream} ${was.authorId}`
    groups.set(group, [...(groups.get(group) ?? []), { before: was, after }])
  }
  for (const group of groups.values()) {
    const first = Math.min(...group.map(({ after }) => after.seq))
    const sorted = group.filter(({ before }) => before.seq >= first).toSorted((a, b) => a.before.seq - b.before.seq)
    for (const [index, { after }] of sorted.entries())
      if (index > 0 && after.seq < sorted[index - 1]!.after.seq)
        throw new Violation(
          'S10.5',
          `message ${after.id} of ${roomStream(after.roomId)} came back ahead of one before it`
        )
  }
}

/** Nobody says the same words twice in a millisecond. */
function checkDoubled({ truth }: World): void {
  for (const [stream, records] of truth.latest) {
    const said = new Map<string, string>()
    for (const record of records.values()) {
      if (record.type !== 'message' || record.kind !== 'text' || record.deletedAt !== undefined) continue
      const words = `${record.authorId} ${record.sentAt} ${record.body}`
      const other = said.get(words)
      if (other !== undefined)
        throw new Violation('S2', `messages ${other} and ${record.id} of ${stream} are one that was said twice`)
      said.set(words, record.id)
    }
  }
}
