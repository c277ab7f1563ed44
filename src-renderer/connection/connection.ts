// The shape of the one connection to the relay. Implementations own the socket; nobody else touches it.
import type { Observable } from 'rxjs'
import type { PersonPresence, Presence, Typing, TypingTold } from '../../protocol/live.ts'
import type {
  AnswersRequest,
  AnswersResult,
  Changed,
  Pull,
  PullResult,
  Push,
  PushResult,
  Welcome
} from '../../protocol/socket.ts'

/** What the badge tells. `retryAt` is a device time in ms since 1970. */
export type ConnectionStatus =
  | { name: 'connecting' }
  /**
   * `relayCannotStore`: the relay says that it cannot store now; what one does waits, as without a connection. `said`: the message of a
   * notice whose code this client has no words for [SPEC §4], for NOTICE_SHOWN_MS.
   */
  | { name: 'connected'; relayCannotStore?: true | undefined; said?: string | undefined }
  /**
   * Waits for the next try. `network`: the device says that it has none; `unreachable`: the relay does not answer. Before the first try after
   * a connection alone, `tooSlow`: the relay ended it, because the line took too little of what was sent; `byOwner`: an owner of the relay
   * ended it; `said`: as above.
   */
  | {
      name: 'waiting'
      reason: 'network' | 'unreachable' | 'relay-stopping'
      retryAt: number
      tooSlow?: true | undefined
      byOwner?: true | undefined
      said?: string | undefined
    }
  /**
   * Ended until the person does something; with `other-relay`, also until the right one is at its address again, which is looked for. Of `signed-out`, `why`: the session was not used for too long, or it was ended (here or on
   * another device), which is also what a relay says to a token that it does not know; or an owner of the relay has shut the account, or it was
   * deleted [S11.9]. What the device holds stays on it.
   */
  | {
      name: 'ended'
      reason: 'signed-out' | 'client-too-old' | 'relay-too-old' | 'other-relay'
      why?: 'expired' | 'revoked' | 'account-disabled' | 'account-deleted' | undefined
    }

/** [S14.2] How people are that the device watches: with `all`, everybody of whom the relay tells anything; else who has changed. */
export interface PeopleTold {
  people: readonly PersonPresence[]
  all: boolean
}

/**
 * Parses everything that comes in: what leaves here is true to its type. Requests reject with `ConnectionLostError` when the
 * connection ends first or no answer comes in time, and with `ProtocolError` when the relay answers `{ok: false}`.
 */
export interface Connection {
  readonly status: Observable<ConnectionStatus>
  /** Once per connection, when requests may begin; the epoch in it holds until the next one. */
  readonly welcomed: Observable<Welcome>
  readonly changed: Observable<Changed>
  /** [S14.1] */
  readonly typing: Observable<TypingTold>
  /** [S14.2] What `tellPresence` was answered, and what the relay told by itself, in the order in which the relay said it. */
  readonly people: Observable<PeopleTold>
  push(push: Push): Promise<PushResult>
  pull(pull: Pull): Promise<PullResult>
  answers(request: AnswersRequest): Promise<AnswersResult>
  /** [S14.1] Resolves when the relay has taken note. */
  tellTyping(typing: Typing): Promise<void>
  /** [S14.2] Resolves when `people` has told of everybody who is watched now. */
  tellPresence(presence: Presence): Promise<void>
  /**
   * Skips the wait before the next try. A try under way gives way to a new one, if the network has changed since or it is older than
   * YOUNG_TRY_MS; a connection that is up is tried, and ends soon if it is dead.
   */
  connectNow(): void
  stop(): void
}

/** The connection ended before the answer came: nobody knows whether the relay acted. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}

/**
 * Why there was no answer of a relay. A browser does not tell the first three apart and calls all of them `relay-unreachable`; a shell
 * that can look closer says which it was: no computer of that name, nobody listening there, a certificate that is not trusted.
 */
export type UnreachableCode =
  | 'name-not-found'
  | 'refused'
  | 'certificate'
  | 'certificate-changed'
  | 'restart-needed'
  | 'relay-unreachable'
  | 'not-a-relay'

/** The relay could not be asked at all. Features tell the codes apart by `code`, as they do with ProtocolError. */
export class RelayUnreachableError extends Error {
  override readonly name = 'RelayUnreachableError'
  readonly code: UnreachableCode

  constructor(code: UnreachableCode, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}
