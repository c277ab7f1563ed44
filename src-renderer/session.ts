// Who is signed in on this installation, kept over restarts. Holds the token, so nothing else may read this part of the storage.
// In the desktop shell the token lies apart, as its secret: docs/decisions/0005-token-at-rest.md.
import { z } from 'zod'
import { userRecordSchema } from '../protocol/records.ts'
import type { DesktopBridge, SecretKept } from './platform/bridge.ts'
import type { Services } from './services.ts'

const SESSION_KEY = 'maru.session'
const DEVICES_KEY = 'maru.devices'

const sessionSchema = z.object({
  /** As `parseRelayUrl` made it. */
  relayUrl: z.string(),
  relayId: z.string(),
  deviceId: z.string(),
  /** Empty when the shell could not keep it: what is on the device can be read, and the relay asks to sign in again. */
  token: z.string(),
  user: userRecordSchema
})
export type Session = z.infer<typeof sessionSchema>

/** What lies in the storage where the token lies elsewhere. */
const withoutTokenSchema = sessionSchema.omit({ token: true })

/** Says whose token it is: the storage and the secret are not written in one step, and no relay may see another's token. */
const secretSchema = z.object({ relayUrl: z.string(), relayId: z.string(), deviceId: z.string(), token: z.string() })

/** Which device this installation was for whom: by relay and username. */
const devicesSchema = z.record(z.string(), z.string())

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface SessionPlace {
  storage: Kept
  /** The desktop shell's; null in a browser, where the token lies in the storage too. */
  secret: DesktopBridge['secret'] | null
}

/** Who is signed in, by the storage alone: the token may lie elsewhere. */
export function storedSession(storage: Kept): Omit<Session, 'token'> | null {
  return read(storage, SESSION_KEY, withoutTokenSchema)
}

/** Null when nobody is signed in, or when what is kept cannot be read: then signing in again mends it. */
export async function loadSession({ storage, secret }: SessionPlace): Promise<Session | null> {
  if (secret === null) return read(storage, SESSION_KEY, sessionSchema)
  const session = read(storage, SESSION_KEY, withoutTokenSchema)
  if (session === null) return null
  const found = parse(await secret.load(), secretSchema)
  const isTheirs =
    found?.relayUrl === session.relayUrl && found.relayId === session.relayId && found.deviceId === session.deviceId
  return { ...session, token: isTheirs ? found.token : '' }
}

/** The storage is written at once. Resolves with where the shell keeps the token, or null in a browser; rejects when it could not. */
export async function saveSession({ storage, secret }: SessionPlace, session: Session): Promise<SecretKept | null> {
  const { token, ...rest } = session
  storage.setItem(SESSION_KEY, JSON.stringify(secret === null ? session : rest))
  rememberDevice(storage, session)
  if (secret === null) return null
  const { relayUrl, relayId, deviceId } = session
  return secret.save(JSON.stringify({ relayUrl, relayId, deviceId, token }))
}

function rememberDevice(storage: Kept, session: Session): void {
  const devices = read(storage, DEVICES_KEY, devicesSchema) ?? {}
  const name = deviceKey(session.relayId, session.user.username)
  storage.setItem(DEVICES_KEY, JSON.stringify({ ...devices, [name]: session.deviceId }))
}

/** The device id stays known, so that signing in again goes on where the counter stands [S2.7]. */
export async function forgetSession({ storage, secret }: SessionPlace): Promise<void> {
  storage.removeItem(SESSION_KEY)
  await secret?.forget()
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

/** Calls back when another window of this installation signs in, out, or as somebody else. Returns its stop. */
export function startWatchingSession(current: Session, onOther: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key !== SESSION_KEY && event.key !== null) return
    const now = read(window.localStorage, SESSION_KEY, withoutTokenSchema.extend({ token: z.string().optional() }))
    const same = now?.deviceId === current.deviceId && (now.token ?? current.token) === current.token
    if (!same) onOther()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}

/** As the screen knows the person. */
export function meOf({ user }: Pick<Session, 'user'>): Services['me'] {
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

function read<T>(storage: Kept, key: string, schema: z.ZodType<T>): T | null {
  return parse(storage.getItem(key), schema)
}

function parse<T>(text: string | null, schema: z.ZodType<T>): T | null {
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}
