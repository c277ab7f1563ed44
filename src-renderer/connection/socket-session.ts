// One life of the socket, from opening to its end: parses everything that comes in, gives requests an end in time, and
// reports how it ended. Knows nothing of a next try.
import type { io as socketIo } from 'socket.io-client'
import type { z } from 'zod'
import { ProtocolError } from '../../protocol/errors.ts'
import { PROTOCOL_VERSION, SILENCE_LIMIT_MS } from '../../protocol/limits.ts'
import { presenceResultSchema, presenceToldSchema, typingResultSchema, typingToldSchema } from '../../protocol/live.ts'
import type { PresenceResult, TypingTold } from '../../protocol/live.ts'
import { parse } from '../../protocol/parse.ts'
import {
  answersResultSchema,
  changedSchema,
  failureSchema,
  noticeSchema,
  pullResultSchema,
  pushResultSchema,
  welcomeSchema
} from '../../protocol/socket.ts'
import type { Changed, Handshake, Notice, Welcome } from '../../protocol/socket.ts'
import { wireErrorSchema } from '../../protocol/wire-error.ts'
import type { Clock } from './clock.ts'
import { ConnectionLostError } from './connection.ts'
import type { Connection, PeopleTold } from './connection.ts'
import { bytesOf } from './json-bytes.ts'
import { relayError } from './relay-error.ts'

/** From opening the socket to the welcome, fallback to long-polling included. */
export const WELCOME_TIMEOUT_MS = 12_000
/** A request without an answer for this long has lost its connection … */
export const REQUEST_TIMEOUT_MS = 10_000
/** … with so much more for what has to be sent, this request and those that wait for their answers: a line of 32 kbit/s. */
export const REQUEST_BYTES_PER_MS = 4
/** A connection that was asked whether it is alive gets this long to answer. */
export const PROBE_TIMEOUT_MS = 5_000
/** A relay that said it stops gets this long to finish its answers and close. */
export const STOPPING_TIMEOUT_MS = 5_000

/** Notices after which the relay ends the connection, and there is nothing to come again for. */
const ENDINGS: ReadonlySet<string> = new Set(['session-ended', 'account-disabled', 'account-deleted'])
/** Answers to any request after which no other one comes: the session has ended, and the relay leaves it to us to go. */
const SESSION_ENDED: ReadonlySet<string> = new Set(['unauthorized', 'token-expired'])

/**
 * `refused`: the relay said why, in the handshake, by a notice or by its answer to a request. `lost`: it went away. `silent`: it did not answer a
 * request in time, maybe because the line is slow. `timed-out`: it never welcomed us.
 */
export type SessionEnd =
  { name: 'refused'; code: string } | { name: 'lost' } | { name: 'silent' } | { name: 'timed-out' }

export interface SessionOptions {
  url: string
  token: string
  clock: Clock
  /** Begin with long-polling and upgrade, instead of beginning with a WebSocket and falling back. */
  pollingFirst: boolean
  /** How many times as long as otherwise an answer may take: a line may be too slow for a single long message. Whatever comes behind it waits, too. */
  patience: number
  io: typeof socketIo
  onProblem: (problem: Error) => void
  onWelcome: (welcome: Welcome) => void
  onChanged: (changed: Changed) => void
  onNotice: (notice: Notice) => void
  onTyping: (told: TypingTold) => void
  onPeople: (told: PeopleTold) => void
  /** Once, and not after `close`. By then every request has been rejected. */
  onEnd: (how: SessionEnd) => void
}

export type Session = Pick<Connection, 'push' | 'pull' | 'answers' | 'tellTyping' | 'tellPresence'> & {
  /** Asks the relay for next to nothing: a connection that died in silence ends within PROBE_TIMEOUT_MS. */
  probe(): void
  close(): void
}

/** Opens a socket of its own; Socket.IO's reconnection stays off. */
export function openSession(options: SessionOptions): Session {
  const { clock, patience, onProblem } = options
  const handshake: Handshake = { token: options.token, protocol: PROTOCOL_VERSION }
  const socket = options.io(options.url, {
    auth: handshake,
    transports: options.pollingFirst ? ['polling', 'websocket'] : ['websocket', 'polling'],
    tryAllTransports: true,
    reconnection: false,
    forceNew: true,
    timeout: 2 * WELCOME_TIMEOUT_MS
  })
  const open = new Set<(lost: ConnectionLostError) => void>()
  /** Of the requests that wait for their answers. */
  let openBytes = 0
  let over = false
  let welcome: Welcome | null = null
  let stopping = false
  let probing = false
  let cancelTimer = clock.after(WELCOME_TIMEOUT_MS, () => finish({ name: 'timed-out' }))
  let cancelSilence = (): void => {}

  function finish(how: SessionEnd): void {
    if (over) return
    close()
    options.onEnd(how)
  }

  function close(): void {
    over = true
    cancelTimer()
    cancelSilence()
    socket.removeAllListeners()
    socket.disconnect()
    for (const lose of open) lose(new ConnectionLostError('the connection ended'))
    open.clear()
  }

  /** What cannot be parsed is told and dropped as a whole. */
  function on<T>(event: string, schema: z.ZodType<T>, take: (value: T) => void): void {
    socket.on(event, (input: unknown) => {
      const value = attempt(() => parse(schema, input, event), onProblem)
      if (value !== undefined) take(value)
      else if (event === 'relay:welcome') finish({ name: 'lost' })
    })
  }

  on('relay:welcome', welcomeSchema, (greeting) => {
    if (welcome !== null) return
    welcome = greeting
    cancelTimer()
    options.onWelcome(greeting)
  })
  on('sync:changed', changedSchema, (changed) => {
    if (welcome !== null) options.onChanged(changed)
  })
  on('live:typing', typingToldSchema, (told) => {
    if (welcome !== null) options.onTyping(told)
  })
  on('live:presence', presenceToldSchema, ({ people }) => {
    if (welcome !== null) options.onPeople({ people, all: false })
  })
  on('relay:notice', noticeSchema, (notice) => {
    options.onNotice(notice)
    if (ENDINGS.has(notice.code)) finish({ name: 'refused', code: notice.code })
    if (notice.code !== 'relay-stopping' || over || stopping) return
    stopping = true
    cancelTimer()
    cancelTimer = clock.after(STOPPING_TIMEOUT_MS, () => finish({ name: 'refused', code: 'relay-stopping' }))
  })
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    const said = wireErrorSchema.safeParse(error.data)
    finish(said.success ? { name: 'refused', code: said.data.code } : { name: 'lost' })
  })
  /** Whatever has come: a ping, too. */
  function heard(): void {
    cancelSilence()
    if (!over) cancelSilence = clock.after(SILENCE_LIMIT_MS, isSilent)
  }

  function isSilent(): void {
    if (patience > 1 && open.size > 0) heard()
    else finish({ name: open.size > 0 ? 'silent' : 'lost' })
  }
  socket.on('connect', heard)
  socket.io.engine.on('packet', () => {
    if (socket.connected) heard()
  })
  // Also when the relay disconnects us, after which Socket.IO would never try again by itself.
  socket.on('disconnect', () => finish(stopping ? { name: 'refused', code: 'relay-stopping' } : { name: 'lost' }))

  /**
   * @param limitMs without what has to be sent first
   * @param take has the answer before anything that comes after it
   */
  async function request<T>(
    event: string,
    payload: object,
    schema: z.ZodType<T>,
    { limitMs = REQUEST_TIMEOUT_MS * patience, take }: { limitMs?: number; take?: (answer: T) => void } = {}
  ): Promise<T> {
    if (over) throw new ConnectionLostError('the connection ended')
    const bytes = bytesOf(payload)
    openBytes += bytes
    const read = (input: unknown): T => {
      const failure = failureSchema.safeParse(input)
      if (failure.success) throw relayError(failure.data.error)
      const answer = parse(schema, input, event)
      take?.(answer)
      return answer
    }
    return new Promise<T>((resolve, reject) => {
      const cancel = clock.after(limitMs + openBytes / REQUEST_BYTES_PER_MS, () =>
        finish({ name: probing ? 'lost' : 'silent' })
      )
      const lose = (lost: ConnectionLostError): void => {
        cancel()
        reject(lost)
      }
      open.add(lose)
      socket.emit(event, payload, (input: unknown) => {
        cancel()
        open.delete(lose)
        openBytes -= bytes
        try {
          resolve(read(input))
        } catch (error) {
          reject(error)
          if (error instanceof ProtocolError && SESSION_ENDED.has(error.code))
            finish({ name: 'refused', code: error.code })
        }
      })
    })
  }

  /** Whatever the relay answers, it is alive; whether the session is, `request` sees. */
  function probe(): void {
    if (welcome === null || probing || open.size > 0) return
    probing = true
    const asked = { deviceId: welcome.deviceId, after: Number.MAX_SAFE_INTEGER }
    request('sync:answers', asked, answersResultSchema, { limitMs: PROBE_TIMEOUT_MS })
      .catch((error: unknown) => {
        if (!(error instanceof ConnectionLostError || error instanceof ProtocolError)) throw error
      })
      .finally(() => (probing = false))
  }

  return {
    probe,
    push: async (push) => request('sync:push', push, pushResultSchema),
    pull: async (pull) => request('sync:pull', pull, pullResultSchema),
    answers: async (asked) => request('sync:answers', asked, answersResultSchema),
    tellTyping: async (typing) => {
      await request('live:typing', typing, typingResultSchema)
    },
    tellPresence: async (presence) => {
      const take = ({ people }: PresenceResult): void => options.onPeople({ people, all: true })
      await request('live:presence', presence, presenceResultSchema, { take })
    },
    close
  }
}

/** Undefined when `read` throws a ProtocolError, of which `report` is told. */
function attempt<T>(read: () => T, report: (problem: Error) => void): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    report(error)
    return undefined
  }
}
