// What a device may ask by socket: every event is parsed once and acknowledged, whatever it holds [SPEC §4].
import { ProtocolError } from '../../protocol/errors.ts'
import { parse } from '../../protocol/parse.ts'
import { answersRequestSchema, pullSchema, pushSchema } from '../../protocol/socket.ts'
import type { AnswersResult, ClientToRelayEvents, Failure, PullResult, PushResult } from '../../protocol/socket.ts'
import type { Pushes } from '../domain/push.ts'
import type { Reading } from '../domain/reading.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { Log } from '../log.ts'
import type { RelaySocket } from './io.ts'
import type { SocketRateLimits } from './rate-limits.ts'

export interface RequestParts {
  sessions: Sessions
  pushes: Pushes
  reading: Reading
  limits: SocketRateLimits
  epoch: number
  log: Log
}

type Result = PushResult | AnswersResult | PullResult
type Request = (socket: RelaySocket, payload: unknown) => Promise<Result>

/** Answers every event of a connection from now on. */
export function answerRequests(socket: RelaySocket, parts: RequestParts): void {
  const requests = createRequests(parts)
  // The one door for all names, the ones that Socket.IO gives a meaning included: nothing is passed on to listeners.
  socket.use((event) => {
    answer(socket, requests, event, parts).catch((error: unknown) => {
      parts.log.error('an acknowledgement could not be sent', { error })
    })
  })
}

async function answer(
  socket: RelaySocket,
  requests: Record<keyof ClientToRelayEvents, Request>,
  [name, ...args]: readonly unknown[],
  parts: RequestParts
): Promise<void> {
  const ack = args.pop()
  if (typeof ack !== 'function') {
    const message = 'an event came without an acknowledgement function: it was not looked at'
    socket.emit('relay:notice', { code: 'invalid', message })
    return
  }
  let result: Result | Failure
  try {
    await takeTurn(socket, parts)
    if (typeof name !== 'string' || !Object.hasOwn(requests, name)) {
      throw new ProtocolError('unsupported', 'this relay knows no such event')
    }
    result = await requests[name as keyof ClientToRelayEvents](socket, args[0])
  } catch (error) {
    result = { ok: false, error: toProtocolError(error, parts.log).toWire() }
  }
  ack(result)
}

async function takeTurn({ data: { deviceId } }: RelaySocket, { limits, sessions }: RequestParts): Promise<void> {
  const waitMs = await limits.requests(deviceId)
  if (waitMs > 0) throw new ProtocolError('rate-limited', 'too many requests: wait', { limit: waitMs })
  await sessions.stillRuns(deviceId)
}

function createRequests({ pushes, reading, limits, epoch }: RequestParts): Record<keyof ClientToRelayEvents, Request> {
  const pusher = ({ data: { user, deviceId } }: RelaySocket) => ({ userId: user.id, deviceId })
  return {
    'sync:push': async (socket, payload) => {
      const push = parse(pushSchema, payload)
      const waitMs = await limits.operations(socket.data.deviceId, push.operations.length)
      if (waitMs === 0) return pushes.push(pusher(socket), push)
      const stopped = { code: 'rate-limited', message: 'too many operations: wait', retryAfterMs: waitMs }
      return { ok: true, epoch, answers: [], stopped }
    },
    'sync:answers': async (socket, payload) => pushes.answers(pusher(socket), parse(answersRequestSchema, payload)),
    'sync:pull': async (socket, payload) => reading.pull(socket.data.user.id, parse(pullSchema, payload))
  }
}

function toProtocolError(error: unknown, log: Log): ProtocolError {
  if (error instanceof ProtocolError) return error
  log.error('a request failed', { error })
  return new ProtocolError('relay-error', 'the relay failed on this request')
}
