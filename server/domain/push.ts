// A device's pushes: each operation decided once, in order, its answer remembered with the change it made [S2, S6]. What an operation does
// is not known here.
import { ProtocolError } from '../../protocol/errors.ts'
import * as limits from '../../protocol/limits.ts'
import { operationSchema } from '../../protocol/operations.ts'
import type { Operation } from '../../protocol/operations.ts'
import { parse } from '../../protocol/parse.ts'
import type { Answer, AnswersRequest, AnswersResult, ParsedPush, PushResult, Stopped } from '../../protocol/socket.ts'
import { roomStream } from '../../protocol/streams.ts'
import { timeText } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { DamagedRoomError } from '../storage/port.ts'
import type { Device, Draft, Storage } from '../storage/port.ts'
import type { ApplyContext } from './applied.ts'
import { apply, messagesOf, streamsOf } from './apply.ts'
import { readPictures } from './avatars.ts'
import type { Pictures } from './avatars.ts'
import { isStop } from './commit-line.ts'
import type { CommitLine } from './commit-line.ts'

/** How long a device waits before it sends again what was stopped. */
const RETRY_AFTER_MS = {
  'storage-unavailable': 3_000,
  'relay-stopping': 1_000,
  'relay-error': 5_000,
  'too-many-unsettled': 500
} as const

/** A message's record without its text. */
const RECORD_BYTES = 300

export interface Pusher {
  deviceId: string
  userId: string
}

export interface Pushes {
  /** @throws ProtocolError `counter-conflict` or `counter-gap`: nothing of the push was applied [S2.4, S2.5] */
  push(pusher: Pusher, push: ParsedPush): Promise<PushResult>
  /** The remembered answers of a device of the same user [SPEC §4]. @throws ProtocolError `device-not-found` */
  answers(pusher: Pusher, request: AnswersRequest): Promise<AnswersResult>
}

/** An operation whose inside has been looked at: a malformed one is refused alone [S6.1]. */
interface Numbered {
  id: string
  n: number
  dependsOn: readonly string[]
  operation: Operation | ProtocolError
}

interface Decided {
  answers: Answer[]
  stopped?: Stopped
}

export function createPushes({ storage, line, now }: { storage: Storage; line: CommitLine; now: Clock }): Pushes {
  return {
    async push(pusher, { settled, operations }) {
      const numbered = operations.map(lookInside).toSorted((a, b) => a.n - b.n)
      const pictures = await readPictures(numbered.map(({ operation }) => operation))
      const answer = (decided: Decided): PushResult => ({ ok: true, epoch: storage.epoch, ...decided })

      // When one operation breaks the relay, those before it are decided without it [S6.3].
      let end = numbered.length
      let stopped: Stopped | undefined
      const damagedRooms = new Set<string>()
      for (;;) {
        const part = numbered.slice(0, end)
        const progress = { index: 0 }
        try {
          const decided = await line.submit({
            streams: part.flatMap(({ operation }) =>
              operation instanceof ProtocolError ? [] : streamsOf(operation, pusher.userId)
            ),
            messages: part.flatMap(({ operation }) =>
              operation instanceof ProtocolError ? [] : messagesOf(operation, pusher.userId)
            ),
            operations: part.length,
            bytes: part.reduce((sum, { operation }) => sum + bytesOf(operation), 0),
            work: (draft) => decide({ draft, now, pusher, settled, part, pictures, progress })
          })
          return answer(stopped && !decided.stopped ? { ...decided, stopped } : decided)
        } catch (error) {
          if (isStop(error)) return answer({ answers: [], stopped: stop(error.code, error.message) })
          if (refuseDamaged(error, { part, pusher }, progress.index, damagedRooms)) continue
          if (!(error instanceof ProtocolError) || error.code !== 'relay-error') throw error
          stopped = stop('relay-error', error.message)
          if (progress.index === 0 || end === 0) return answer({ answers: [], stopped })
          end = Math.min(progress.index, end - 1)
        }
      }
    },

    async answers(pusher, { deviceId, after }) {
      const device = await storage.device(deviceId)
      if (device?.userId !== pusher.userId) {
        throw new ProtocolError('device-not-found', 'you have no such device', { field: 'deviceId' })
      }
      return { ok: true, answered: device.answered, answers: device.answers.filter(({ n }) => n > after) }
    }
  }
}

/**
 * [S6.4] Turns what cannot be done to a damaged room into refusals. When the commit broke at an operation it is that one, and from the second time on
 * all of its room behind it; when it broke at storing, all that would write to the room.
 * @returns whether there is anything in `part` that now is refused and was not before
 */
function refuseDamaged(
  error: unknown,
  { part, pusher }: { part: readonly Numbered[]; pusher: Pusher },
  index: number,
  known: Set<string>
): boolean {
  if (!(error instanceof ProtocolError && error.cause instanceof DamagedRoomError)) return false
  const { roomId } = error.cause
  const ofRoom = (each: Numbered) =>
    !(each.operation instanceof ProtocolError) && streamsOf(each.operation, pusher.userId).includes(roomStream(roomId))
  const broken = part[index]
  const behind = broken && !known.has(roomId) ? [] : part.slice(broken ? index + 1 : 0).filter(ofRoom)
  const refused = broken ? [broken, ...behind] : behind
  known.add(roomId)
  for (const each of refused) each.operation = error
  return refused.length > 0
}

/** About what the record that an operation makes or changes takes in a hint. */
function bytesOf(operation: Operation | ProtocolError): number {
  if (operation instanceof ProtocolError) return 0
  return 'body' in operation ? RECORD_BYTES + Buffer.byteLength(operation.body) : RECORD_BYTES
}

function lookInside(envelope: ParsedPush['operations'][number]): Numbered {
  const { id, n, dependsOn = [] } = envelope
  try {
    return { id, n, dependsOn, operation: parse(operationSchema, envelope.operation) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { id, n, dependsOn, operation: error }
  }
}

async function decide(push: {
  draft: Draft
  now: Clock
  pusher: Pusher
  settled: number
  part: readonly Numbered[]
  pictures: Pictures
  progress: { index: number }
}): Promise<Decided> {
  const { draft, pusher, part, progress } = push
  const device = await draft.device(pusher.deviceId)
  // Its session may have ended while the push waited in line.
  if (!device || device.tokenHash === null) throw new ProtocolError('unauthorized', 'the session has ended: sign in')
  // A device may have settled more than this relay remembers having answered, if the relay went back [S10.3].
  const settled = Math.max(device.settled, Math.min(push.settled, device.answered))
  checkCounters(part, device, settled)

  const remembered = device.answers.filter(({ n }) => n > settled)
  const context = { draft, actorId: pusher.userId, now: timeText(push.now()), pictures: push.pictures }
  const refused = new Set(remembered.filter(({ status }) => status === 'refused').map(({ id }) => id))
  const answers: Answer[] = []
  const decided: Answer[] = []
  let stopped: Stopped | undefined
  for (const [index, operation] of part.entries()) {
    progress.index = index
    if (operation.n <= device.answered) {
      answers.push(...remembered.filter(({ n }) => n === operation.n))
      continue
    }
    if (decided.at(-1)?.n === operation.n) continue
    if (remembered.length + decided.length >= limits.MAX_UNSETTLED_ANSWERS) {
      stopped = stop('too-many-unsettled', 'too many answers are not settled')
      break
    }
    const answer = await answerTo(operation, context, refused)
    if (answer.status === 'refused') refused.add(answer.id)
    decided.push(answer)
    answers.push(answer)
  }
  progress.index = part.length

  if (decided.length > 0 || settled > device.settled) {
    const answered = device.answered + decided.length
    draft.putDevice({ ...device, settled, answered, answers: [...remembered, ...decided] })
  }
  return stopped ? { answers, stopped } : { answers }
}

/** @throws ProtocolError `counter-conflict` [S2.4] or `counter-gap` [S2.5] for the whole push */
function checkCounters(part: readonly Numbered[], device: Device, settled: number): void {
  const idOf = new Map(device.answers.map(({ n, id }) => [n, id]))
  let next = device.answered + 1
  for (const { n, id } of part) {
    if (n > next) {
      throw new ProtocolError('counter-gap', `operation ${n} came while ${next} was expected`, {
        field: 'n',
        limit: next
      })
    }
    if (n <= settled) throw new ProtocolError('counter-conflict', `operation ${n} was settled already`, { field: 'n' })
    if (n === next) {
      idOf.set(n, id)
      next += 1
    } else if (idOf.get(n) !== id) {
      throw new ProtocolError('counter-conflict', `operation ${n} was another one`, { field: 'n' })
    }
  }
}

async function answerTo(
  { id, n, dependsOn, operation }: Numbered,
  context: ApplyContext,
  refusedIds: ReadonlySet<string>
): Promise<Answer> {
  try {
    const refusedOne = dependsOn.findIndex((needed) => refusedIds.has(needed))
    if (refusedOne !== -1) {
      const field = `dependsOn[${refusedOne}]`
      throw new ProtocolError('depends-on-refused', 'an operation that this one depends on was refused', { field })
    }
    if (operation instanceof ProtocolError) throw operation
    const { stream, rev, seq } = await apply(context, operation)
    return { n, id, status: 'accepted', stream, rev, ...(seq === undefined ? {} : { seq }) }
  } catch (error) {
    if (!(error instanceof ProtocolError) || isStop(error)) throw error
    return { n, id, status: 'refused', error: error.toWire() }
  }
}

/** [S6.2] */
function stop(code: keyof typeof RETRY_AFTER_MS, message: string): Stopped {
  return { code, message, retryAfterMs: RETRY_AFTER_MS[code] }
}
