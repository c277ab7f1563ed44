// What a device may ask by socket: every event is parsed once and acknowledged, whatever it holds [SPEC §4].
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_REFUSAL_DELAY_MS, PICTURE_OPERATIONS } from '../../protocol/limits.ts'
import { presenceSchema, typingSchema } from '../../protocol/live.ts'
import type { PresenceResult, TypingResult } from '../../protocol/live.ts'
import { parse } from '../../protocol/parse.ts'
import { answersRequestSchema, pullSchema, pushSchema } from '../../protocol/socket.ts'
import type {
  AnswersResult,
  ClientToRelayEvents,
  Failure,
  ParsedPush,
  PullResult,
  PushResult
} from '../../protocol/socket.ts'
import type { Timer } from '../clock.ts'
import type { Pushes } from '../domain/push.ts'
import type { Reading } from '../domain/reading.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { Log } from '../log.ts'
import type { RelaySocket } from './io.ts'
import type { SocketLive } from './live.ts'
import type { Outflow } from './outflow.ts'
import type { SocketRateLimits } from './rate-limits.ts'
import type { Lane, RequestLine } from './request-line.ts'

export interface RequestParts {
  sessions: Sessions
  pushes: Pushes
  reading: Reading
  live: Pick<SocketLive, 'typing' | 'presence'>
  limits: SocketRateLimits
  lineOfConnection: () => RequestLine
  outflow: Outflow
  timer: Timer
  epoch: number
  log: Log
}

type Result = PushResult | AnswersResult | PullResult | TypingResult | PresenceResult
type Request = (socket: RelaySocket, payload: unknown) => Promise<Result>

/** What a device waits whose requests are too many to be kept. */
const LINE_FULL_RETRY_MS = 1_000

/** Answers every event of a connection from now on: pushes in their order, and so the rest. */
export function answerRequests(socket: RelaySocket, parts: RequestParts): void {
  const { log, outflow } = parts
  const requests = createRequests(parts)
  const line = parts.lineOfConnection()
  // Engine.IO shows each packet before Socket.IO takes it apart; its events come here later, in the same order, often several at a time. The
  // binary parts of one follow it at once.
  const sizes: number[] = []
  const measure = ({ data }: { data?: unknown }): void => {
    if (Buffer.isBuffer(data)) sizes.push((sizes.pop() ?? 0) + data.length)
    else if (typeof data === 'string' && /^[25]/.test(data)) sizes.push(data.length)
  }
  socket.conn.on('packet', measure)
  socket.once('disconnect', () => socket.conn.off('packet', measure))

  // The one door for all names, the ones that Socket.IO gives a meaning included: nothing is passed on to listeners.
  socket.use(([name, ...args]) => {
    const chars = sizes.shift() ?? 0
    const ack: unknown = args.pop()
    if (typeof ack !== 'function') {
      const message = 'an event came without an acknowledgement function: it was not looked at'
      socket.emit('relay:notice', { code: 'invalid', message })
      return
    }
    const lane: Lane = name === 'sync:push' ? 'pushes' : 'reads'
    const work = async (): Promise<void> => {
      try {
        await outflow.room(socket)
        ack(await answerTo(socket, requests, name, args[0], parts))
      } catch (error) {
        log.error('an acknowledgement could not be sent', { error })
      }
    }
    if (!line.enter(lane, chars, work)) ack(tooMany(name, LINE_FULL_RETRY_MS, parts.epoch))
  })
}

async function answerTo(
  socket: RelaySocket,
  requests: Record<keyof ClientToRelayEvents, Request>,
  name: unknown,
  payload: unknown,
  { limits, sessions, timer, epoch, log }: RequestParts
): Promise<Result | Failure> {
  try {
    const { deviceId } = socket.data
    const waitMs = limits.events(deviceId)
    if (waitMs > 0) return await slowed(timer, waitMs, tooMany(name, waitMs, epoch))
    await sessions.stillRuns(deviceId)
    if (typeof name !== 'string' || !Object.hasOwn(requests, name)) {
      throw new ProtocolError('unsupported', 'this relay knows no such event')
    }
    return await requests[name as keyof ClientToRelayEvents](socket, payload)
  } catch (error) {
    return { ok: false, error: toProtocolError(error, log).toWire() }
  }
}

/** A refusal takes as long as there is to wait: who does not wait by itself is slowed, request by request. */
async function slowed<T>(timer: Timer, waitMs: number, refusal: T): Promise<T> {
  await new Promise<void>((resolve) => timer(Math.min(waitMs, MAX_REFUSAL_DELAY_MS), resolve))
  return refusal
}

/** A push is stopped, undecided [S6.2]; whatever else is refused for now. */
function tooMany(name: unknown, waitMs: number, epoch: number): PushResult | Failure {
  const message = 'too many requests: wait'
  if (name !== 'sync:push') {
    const error = new ProtocolError('rate-limited', message, { limit: waitMs, retryAfterMs: waitMs })
    return { ok: false, error: error.toWire() }
  }
  return stoppedPush(message, waitMs, epoch)
}

function stoppedPush(message: string, retryAfterMs: number, epoch: number): PushResult {
  return { ok: true, epoch, answers: [], stopped: { code: 'rate-limited', message, retryAfterMs } }
}

function createRequests(parts: RequestParts): Record<keyof ClientToRelayEvents, Request> {
  const { pushes, reading, live, limits, timer, epoch } = parts
  const pusher = ({ data: { user, deviceId } }: RelaySocket) => ({ userId: user.id, deviceId })
  return {
    'sync:push': async (socket, payload) => {
      const push = parse(pushSchema, payload)
      const waitMs = limits.operations(socket.data.deviceId, shareOf(push))
      if (waitMs > 0) return slowed(timer, waitMs, stoppedPush('too many operations: wait', waitMs, epoch))
      return pushes.push(pusher(socket), push)
    },
    'sync:answers': async (socket, payload) => pushes.answers(pusher(socket), parse(answersRequestSchema, payload)),
    'sync:pull': async (socket, payload) => reading.pull(socket.data.user.id, parse(pullSchema, payload)),
    'live:typing': async (socket, payload) => {
      await live.typing(socket, parse(typingSchema, payload))
      return { ok: true }
    },
    'live:presence': async (socket, payload) => {
      return { ok: true, people: await live.presence(socket, parse(presenceSchema, payload)) }
    }
  }
}

/** What a push takes of the device's operations, whether or not they are sound. */
function shareOf({ operations }: ParsedPush): number {
  const hasPicture = ({ operation }: { operation?: unknown }): boolean =>
    typeof operation === 'object' && operation !== null && 'avatar' in operation && typeof operation.avatar === 'string'
  return operations.reduce((sum, each) => sum + (hasPicture(each) ? PICTURE_OPERATIONS : 1), 0)
}

function toProtocolError(error: unknown, log: Log): ProtocolError {
  if (error instanceof ProtocolError) return error
  log.error('a request failed', { error })
  return new ProtocolError('relay-error', 'the relay failed on this request')
}
