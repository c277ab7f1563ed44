// Who is signed in on this installation, kept over restarts. Holds the token, so nothing else may read this part of the storage.
import { z } from 'zod'
import { userRecordSchema } from '../protocol/records.ts'

const SESSION_KEY = 'maru.session'
const DEVICES_KEY = 'maru.devices'

const sessionSchema = z.object({
  /** As `parseRelayUrl` made it. */
  relayUrl: z.string(),
  relayId: z.string(),
  deviceId: z.string(),
  token: z.string(),
  user: userRecordSchema
})
export type Session = z.infer<typeof sessionSchema>

/** Which device this installation was for whom: by relay and username. */
const devicesSchema = z.record(z.string(), z.string())

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Null when nobody is signed in, or when what is kept cannot be read: then signing in again mends it. */
export function loadSession(storage: Kept): Session | null {
  return read(storage, SESSION_KEY, sessionSchema)
}

export function saveSession(storage: Kept, session: Session): void {
  storage.setItem(SESSION_KEY, JSON.stringify(session))
  const devices = read(storage, DEVICES_KEY, devicesSchema) ?? {}
  const name = deviceKey(session.relayId, session.user.username)
  storage.setItem(DEVICES_KEY, JSON.stringify({ ...devices, [name]: session.deviceId }))
}

/** The device id stays known, so that signing in again goes on where the counter stands [S2.7]. */
export function forgetSession(storage: Kept): void {
  storage.removeItem(SESSION_KEY)
}

/** The device that this installation was, when this user was last signed in here. */
export function knownDevice(storage: Kept, relayId: string, username: string): string | undefined {
  return read(storage, DEVICES_KEY, devicesSchema)?.[deviceKey(relayId, username)]
}

/** Calls back when another window of this installation signs in, out, or as somebody else. Returns its stop. */
export function startWatchingSession(current: Session | null, onOther: () => void): () => void {
  const listen = (event: StorageEvent) => {
    if (event.key !== SESSION_KEY && event.key !== null) return
    const now = loadSession(window.localStorage)
    if (now?.token !== current?.token) onOther()
  }
  window.addEventListener('storage', listen)
  return () => window.removeEventListener('storage', listen)
}

function deviceKey(relayId: string, username: string): string {
  return `${relayId}/${username}`
}

function read<T>(storage: Kept, key: string, schema: z.ZodType<T>): T | null {
  const text = storage.getItem(key)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}
