// Signing up and in: asks the relay, and makes a session of its answer.
import type { SessionAnswer } from '../protocol/rest.ts'
import { ProtocolError } from '../protocol/errors.ts'
import { usernameSchema } from '../protocol/values.ts'
import { RelayUnreachableError } from './connection/connection.ts'
import { setPasswordByCode } from './connection/rest-account.ts'
import { relayInfo, signIn, signUp } from './connection/rest.ts'
import type { UnreachableReason } from './platform/bridge.ts'
import type { Accounts } from './services.ts'
import { knownDevice } from './session.ts'
import type { Session } from './session.ts'

/** How long the sign-in waits for the relay that served the page; signing out must not seem to hang on a dead network. */
const OWN_RELAY_PATIENCE_MS = 4_000

type WhyUnreachable = (url: string) => Promise<UnreachableReason>

/** Somebody is signed in to this relay already, under whatever address: one account a relay (docs/decisions/0023-several-relays.md). */
class AlreadySignedInError extends Error {
  override readonly name = 'AlreadySignedInError'
  readonly code = 'already-signed-in'
}

export interface AccountsParts {
  /** Where this page came from, or the relay that the desktop app was started for: a relay there is the one to sign in to. Null: none is. */
  from: URL | null
  /** Takes over; called once for each success. */
  onSignedIn: (session: Session) => void
  /** The desktop shell's; without it, all that is known of a relay that does not answer is that it does not. */
  whyUnreachable?: WhyUnreachable | null | undefined
  /** Whether somebody is signed in to this relay. */
  isTaken?: (relayId: string) => boolean
  /** `Accounts.returning` */
  returning?: Accounts['returning']
}

export async function openAccounts({
  from,
  onSignedIn,
  whyUnreachable = null,
  isTaken = () => false,
  returning
}: AccountsParts): Promise<Accounts> {
  /** Does what needs the relay at `relayUrl`; when it cannot be reached, throws with the code that the shell finds. */
  const looked = async <T>(relayUrl: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw whyUnreachable === null ? error : await sharper(error, async () => whyUnreachable(relayUrl))
    }
  }
  const begin = async (relayUrl: string, ask: (relayId: string) => Promise<SessionAnswer>): Promise<void> => {
    const session = await looked(relayUrl, async () => {
      const { relay } = await relayInfo(relayUrl)
      if (isTaken(relay.id)) throw new AlreadySignedInError(relayUrl)
      const { user, deviceId, token } = await ask(relay.id)
      return { relayUrl, relayId: relay.id, deviceId, token, user }
    })
    onSignedIn(session)
  }
  /** Accounts that were asked for without an answer: the relay may have made them. */
  const unanswered = new Set<string>()

  return {
    ownRelay: from && (await relayOf(from)),
    ...(returning === undefined ? {} : { returning }),
    relayInfo: async (url) => looked(url, async () => relayInfo(url)),
    signUp: async ({ relayUrl, ...account }) =>
      begin(relayUrl, async () => {
        const name = `${relayUrl} ${account.username}`
        try {
          return await signUp(relayUrl, { ...account, deviceName: deviceName() })
        } catch (error) {
          if (error instanceof RelayUnreachableError) unanswered.add(name)
          const taken = error instanceof ProtocolError && error.code === 'username-taken'
          if (!taken || !unanswered.has(name)) throw error
          // The account may be the one whose answer was lost: then its password opens it.
          const { username, password } = account
          return await signIn(relayUrl, { username, password, deviceName: deviceName() }).catch(() => {
            throw error
          })
        }
      }),
    signIn: async ({ relayUrl, username, password }) =>
      begin(relayUrl, async (relayId) => {
        const folded = usernameSchema.safeParse(username)
        const deviceId = folded.success ? knownDevice(window.localStorage, relayId, folded.data) : undefined
        const who = { username, password, deviceName: deviceName() }
        return signIn(relayUrl, deviceId === undefined ? who : { ...who, deviceId })
      }),
    setPassword: async ({ relayUrl, ...wish }) => looked(relayUrl, async () => setPasswordByCode(relayUrl, wish))
  }
}

/** The error, or a sharper one in its place if nobody answered and the shell can tell why. */
async function sharper(error: unknown, askShell: () => Promise<UnreachableReason>): Promise<unknown> {
  if (!(error instanceof RelayUnreachableError) || error.code !== 'relay-unreachable') return error
  try {
    const reason = await askShell()
    // Without a network no name is found: then it is not the name that is wrong.
    const unfounded = reason === 'name-not-found' && !window.navigator.onLine
    return reason === 'unknown' || unfounded ? error : new RelayUnreachableError(reason, error)
  } catch {
    return error // a shell that cannot look knows no more than the page
  }
}

/** Null when the page came from a shell or from a server that is no relay. */
async function relayOf(from: URL): Promise<Accounts['ownRelay']> {
  if (from.protocol !== 'http:' && from.protocol !== 'https:') return null
  try {
    return { url: from.origin, info: await relayInfo(from.origin, { timeoutMs: OWN_RELAY_PATIENCE_MS }) }
  } catch {
    return null // no relay there, or not now: the person is asked for an address
  }
}

/** What the list of one's devices will call this one. */
function deviceName(): string {
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/.exec(navigator.userAgent)?.[0] ?? 'Web'
  return system === 'Mac OS X' ? 'macOS' : system
}
