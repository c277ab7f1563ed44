// Who is signed in on this installation, kept over restarts: at one relay in a browser, at several in the desktop app. Holds the tokens, so nothing
// else may read this part of the storage. In the desktop shell they lie apart, as its secret: docs/decisions/0005-token-at-rest.md.
import * as v from 'valibot'
import type { DesktopBridge, SecretKept } from './platform/bridge.ts'
import { parsedJson } from './platform/parsed-json.ts'
import type { Services } from './services.ts'
import { SIGN_COLORS } from './ui/sign-colors.ts'

/** The one in front: the only one in a browser, and what a start reads first. */
const FRONT_KEY = 'maru.session'
/** The others, which are there in the desktop app only: docs/decisions/0023-several-relays.md. */
const OTHERS_KEY = 'maru.other-sessions'
const DEVICES_KEY = 'maru.devices'

/** Of the relay's record, what a start needs before it has read any. The rest stays with it, for other versions of Maru. */
const userSchema = v.looseObject({
  id: v.string(),
  username: v.string(),
  displayName: v.string(),
  /** One that a newer relay knows is none here. */
  color: v.fallback(v.optional(v.picklist(SIGN_COLORS)), undefined),
  role: v.fallback(v.picklist(['owner', 'member']), 'member')
})
const sessionSchema = v.object({
  /** As `parseRelayUrl` made it. */
  relayUrl: v.string(),
  /** One session a relay. */
  relayId: v.string(),
  deviceId: v.string(),
  /** Empty when the shell could not keep it: what is on the device can be read, and the relay asks to sign in again. */
  token: v.string(),
  user: userSchema,
  /** When this relay was added to the others here, in ms since 1970: their order. The first one may have none. */
  addedAt: v.optional(v.number())
})
export type Session = v.InferOutput<typeof sessionSchema>

/** What lies in the storage where the token lies elsewhere. */
const withoutTokenSchema = v.object({ ...sessionSchema.entries, token: v.optional(v.string()) })
export type StoredSession = v.InferOutput<typeof withoutTokenSchema>

/** Says whose token it is: the storage and the secret are not written in one step, and no relay may see another's token. */
const ownedTokenSchema = v.object({
  relayUrl: v.string(),
  relayId: v.string(),
  deviceId: v.string(),
  token: v.string()
})
type OwnedToken = v.InferOutput<typeof ownedTokenSchema>

/** Of all relays; before there could be several, one token and whose it is. */
const secretSchema = v.union([
  v.object({ tokens: v.array(v.unknown()) }),
  v.pipe(
    ownedTokenSchema,
    v.transform((one) => ({ tokens: [one] as unknown[] }))
  )
])

/** Which device this installation was for whom: by relay and username. */
const devicesSchema = v.record(v.string(), v.string())

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface SessionPlace {
  storage: Kept
  /** The desktop shell's; null in a browser, where the token lies in the storage too. */
  secret: DesktopBridge['secret'] | null
}

/** Who is signed in where. The storage is written at once, the shell's secret behind it. */
export interface Sessions {
  /** In the order in which they were added. */
  all(): readonly StoredSession[]
  /** Null when nobody is signed in. */
  front(): StoredSession | null
  /** Its token is empty when the shell could not keep it, or what it kept is somebody else's. Rejects when the shell cannot say. */
  withToken(session: StoredSession): Promise<Session>
  /**
   * Adds it, or puts it in the place of the one of the same relay; the first one is in front. Resolves with where the shell keeps the tokens, or null
   * in a browser; rejects when it could not.
   */
  keep(session: Session): Promise<SecretKept | null>
  bringToFront(relayId: string): void
  /** The device id stays known, so that signing in again goes on where the counter stands [S2.7]. Others stay signed in. */
  forget(relayId: string): Promise<void>
}

/** What cannot be read is no session, and takes no other one along: signing in again mends it. */
export function openSessions({ storage, secret }: SessionPlace): Sessions {
  let { front, all } = storedSessions(storage)
  /** Known in this run. */
  const tokens = new Map<string, OwnedToken>()
  let saving: Promise<unknown> = Promise.resolve()

  const stored = (session: StoredSession): StoredSession => {
    if (secret === null) return session
    const { token: _, ...rest } = session
    return rest
  }
  const writeOthers = (others: readonly StoredSession[]): void => {
    const text = others.length === 0 ? null : JSON.stringify(others.map(stored))
    if (text === storage.getItem(OTHERS_KEY)) return
    if (text === null) storage.removeItem(OTHERS_KEY)
    else storage.setItem(OTHERS_KEY, text)
  }
  /** A kill between two of the steps leaves one of them twice, which is once when it is read; never none. */
  const write = (): void => {
    if (all.length > 1) writeOthers(all)
    if (front === null) storage.removeItem(FRONT_KEY)
    else storage.setItem(FRONT_KEY, JSON.stringify(stored(front)))
    writeOthers(all.filter(({ relayId }) => relayId !== front?.relayId))
  }

  /** One after the other: each writes all of them. */
  async function inTurn<T>(save: () => Promise<T>): Promise<T> {
    const saved = saving.then(save)
    saving = saved.catch(() => undefined)
    return saved
  }

  async function learnTokens(): Promise<void> {
    if (secret === null || all.every(({ relayId }) => tokens.has(relayId))) return
    for (const each of tokensIn(await secret.load())) if (!tokens.has(each.relayId)) tokens.set(each.relayId, each)
  }

  return {
    all: () => all,
    front: () => front,

    async withToken(session) {
      if (secret === null) return { ...session, token: session.token ?? '' }
      await learnTokens()
      const found = tokens.get(session.relayId)
      const isTheirs = found?.relayUrl === session.relayUrl && found.deviceId === session.deviceId
      return { ...session, token: isTheirs ? found.token : '' }
    },

    async keep(session) {
      const { relayUrl, relayId, deviceId, token } = session
      const before = all.find((each) => each.relayId === relayId)
      const addedAt = session.addedAt ?? before?.addedAt
      const kept: StoredSession = addedAt === undefined ? session : { ...session, addedAt }
      all = inOrder([...all.filter((each) => each !== before), kept])
      if (front === null || front.relayId === relayId) front = kept
      write()
      rememberDevice(storage, session)
      if (secret === null) return null
      tokens.set(relayId, { relayUrl, relayId, deviceId, token })
      return inTurn(async () => {
        await learnTokens()
        return secret.save(secretOf(all, tokens))
      })
    },

    bringToFront(relayId) {
      const found = all.find((each) => each.relayId === relayId)
      if (found === undefined || found === front) return
      front = found
      write()
    },

    async forget(relayId) {
      const at = all.findIndex((each) => each.relayId === relayId)
      all = all.filter((each) => each.relayId !== relayId)
      if (front?.relayId === relayId) front = all[Math.min(at, all.length - 1)] ?? null
      write()
      tokens.delete(relayId)
      if (secret === null) return
      await inTurn(async () => {
        await learnTokens()
        if (all.length === 0) await secret.forget()
        else await secret.save(secretOf(all, tokens))
      })
    }
  }
}

/** Who is signed in, by the storage alone: tokens may lie elsewhere. One a relay, in the order in which they were added. */
export function storedSessions(storage: Kept): { front: StoredSession | null; all: readonly StoredSession[] } {
  const first = read(storage, FRONT_KEY, withoutTokenSchema)
  const others = (read(storage, OTHERS_KEY, v.array(v.unknown())) ?? []).flatMap(
    (each) => valid(withoutTokenSchema, each) ?? []
  )
  const byRelay = new Map<string, StoredSession>()
  for (const each of first === null ? others : [first, ...others])
    if (!byRelay.has(each.relayId)) byRelay.set(each.relayId, each)
  const all = inOrder([...byRelay.values()])
  return { front: first ?? all[0] ?? null, all }
}

function inOrder(sessions: readonly StoredSession[]): readonly StoredSession[] {
  return sessions.toSorted((a, b) => (a.addedAt ?? 0) - (b.addedAt ?? 0))
}

function tokensIn(secret: string | null): OwnedToken[] {
  const { tokens } = parse(secret, secretSchema) ?? { tokens: [] }
  return tokens.flatMap((each) => valid(ownedTokenSchema, each) ?? [])
}

/** Only of those who are signed in. */
function secretOf(sessions: readonly StoredSession[], tokens: ReadonlyMap<string, OwnedToken>): string {
  const owned = sessions.flatMap(({ relayId }) => tokens.get(relayId) ?? [])
  return JSON.stringify({ tokens: owned.filter(({ token }) => token !== '') })
}

function rememberDevice(storage: Kept, session: Session): void {
  const devices = read(storage, DEVICES_KEY, devicesSchema) ?? {}
  const name = deviceKey(session.relayId, session.user.username)
  storage.setItem(DEVICES_KEY, JSON.stringify({ ...devices, [name]: session.deviceId }))
}

/** For who has deleted everything here: the counter is gone, so the next sign-in is another device. */
export function forgetDevice(storage: Kept, relayId: string, username: string): void {
  const { [deviceKey(relayId, username)]: _, ...rest } = read(storage, DEVICES_KEY, devicesSchema) ?? {}
  storage.setItem(DEVICES_KEY, JSON.stringify(rest))
}

/** The device that this installation was, when this user was last signed in here. */
export function knownDevice(storage: Kept, relayId: string, username: string): string | undefined {
  return read(storage, DEVICES_KEY, devicesSchema)?.[deviceKey(relayId, username)]
}

/**
 * Calls back when another window of this installation signs in, out, or as somebody else; not when it has brought another relay to its front.
 * @param current what this window goes by
 * @returns its stop
 */
export function startWatchingSessions(current: () => readonly StoredSession[], onOther: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key !== FRONT_KEY && event.key !== OTHERS_KEY && event.key !== null) return
    const [own, now] = [current(), storedSessions(window.localStorage).all]
    const same =
      own.length === now.length &&
      own.every(({ relayId, deviceId, token }) =>
        now.some(
          (each) =>
            each.relayId === relayId && each.deviceId === deviceId && (each.token ?? token) === (token ?? each.token)
        )
      )
    if (own.length > 0 && !same) onOther()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}

/** As the screen knows the person. */
export function meOf({ user }: Pick<StoredSession, 'user'>): Services['me'] {
  return {
    userId: user.id,
    username: user.username,
    displayName: user.displayName,
    ...(user.color === undefined ? {} : { color: user.color }),
    isOwner: user.role === 'owner'
  }
}

function deviceKey(relayId: string, username: string): string {
  return `${relayId}/${username}`
}

function read<T>(storage: Kept, key: string, schema: v.GenericSchema<unknown, T>): T | null {
  return parse(storage.getItem(key), schema)
}

function parse<T>(text: string | null, schema: v.GenericSchema<unknown, T>): T | null {
  return text === null ? null : valid(schema, parsedJson(text))
}

function valid<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | null {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : null
}
