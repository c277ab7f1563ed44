// Sessions: which device a token is, renewing it, ending it. Tokens themselves are never stored [SPEC §5].
import { ProtocolError } from '../../protocol/errors.ts'
import { TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { SessionAnswer } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import type { Device } from '../storage/port.ts'
import type { RelayContext } from './context.ts'

/** `lastUsedAt` is written at most this often. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000

/** Whose token it is: the actor of everything that comes with it [S17]. */
export interface Session {
  user: UserRecord
  deviceId: string
}

/** As `GET /sessions` lists it. */
export interface SessionEntry {
  deviceId: string
  deviceName: string
  createdAt: string
  lastUsedAt: string
  current: boolean
}

export interface Sessions {
  /** @throws ProtocolError `unauthorized` or `token-expired` */
  authenticate(token: string): Promise<Session>
  /** Whether the session of a device still runs, for connections that were authenticated before. @throws like authenticate */
  stillRuns(deviceId: string): Promise<void>
  /** A new token for the device, whose old one ends; or, as a new device, one more. */
  renew(
    session: Session,
    options: { asNewDevice?: boolean | undefined; deviceName?: string | undefined }
  ): Promise<SessionAnswer>
  list(session: Session): Promise<SessionEntry[]>
  /** Ends a session of the same user; one that has ended stays so. @throws ProtocolError `device-not-found` */
  revoke(session: Session, deviceId: string): Promise<void>
}

/** @param onRevoked is called once the end of a session is stored */
export function createSessions(context: RelayContext, onRevoked: (deviceId: string) => void): Sessions {
  const { storage, line, secrets, now, log } = context

  async function check(device: Device | undefined): Promise<Device> {
    if (!device || device.tokenHash === null) throw new ProtocolError('unauthorized', 'the session has ended: sign in')
    const idleMs = now() - Date.parse(device.lastUsedAt)
    if (idleMs > TOKEN_LIFETIME_MS) throw new ProtocolError('token-expired', 'the session was not used for too long')
    if (idleMs >= TOUCH_INTERVAL_MS) touch(device.id)
    return device
  }

  /** Nobody waits for it, and a relay that cannot write it down still serves. */
  function touch(deviceId: string): void {
    const work = async (draft: Parameters<Parameters<typeof line.submit>[0]['work']>[0]): Promise<void> => {
      const device = await draft.device(deviceId)
      const lastUsedAt = timeText(now())
      if (device && lastUsedAt > device.lastUsedAt) draft.putDevice({ ...device, lastUsedAt })
    }
    line.submit({ streams: [], work }).catch((error: unknown) => log.warn('last use was not stored', { error }))
  }

  return {
    async authenticate(token) {
      const device = await check(await storage.deviceByToken(secrets.hashToken(token)))
      const user = await storage.user(device.userId)
      if (!user) throw new ProtocolError('unauthorized', 'the session has ended: sign in')
      return { user, deviceId: device.id }
    },

    async stillRuns(deviceId) {
      await check(await storage.device(deviceId))
    },

    async renew({ user, deviceId }, { asNewDevice = false, deviceName }) {
      const token = secrets.newToken()
      const made = await line.submit({
        streams: [],
        work: async (draft) => {
          const current = await draft.device(deviceId)
          if (!current || current.tokenHash === null) {
            throw new ProtocolError('unauthorized', 'the session has ended: sign in')
          }
          const session = { token, name: deviceName ?? current.name }
          const device = asNewDevice ? newDevice(context, user.id, session) : signedIn(context, current, session)
          draft.putDevice(device)
          return device
        }
      })
      return { user, deviceId: made.id, token }
    },

    async list({ user, deviceId }) {
      const devices = await storage.devicesOf(user.id)
      return devices
        .filter(
          ({ tokenHash, lastUsedAt }) => tokenHash !== null && now() - Date.parse(lastUsedAt) <= TOKEN_LIFETIME_MS
        )
        .map(({ id, name, createdAt, lastUsedAt }) => ({
          deviceId: id,
          deviceName: name,
          createdAt,
          lastUsedAt,
          current: id === deviceId
        }))
    },

    async revoke({ user }, deviceId) {
      await line.submit({
        streams: [],
        work: async (draft) => {
          const device = await draft.device(deviceId)
          if (device?.userId !== user.id) {
            throw new ProtocolError('device-not-found', 'you have no such device', { field: 'deviceId' })
          }
          if (device.tokenHash !== null) draft.putDevice({ ...device, tokenHash: null })
        }
      })
      onRevoked(deviceId)
    }
  }
}

/** What a device is called that did not say. */
export const UNNAMED_DEVICE = 'unnamed device'

/** A device that has answered nothing yet. */
export function newDevice(
  { secrets, now }: Pick<RelayContext, 'secrets' | 'now'>,
  userId: string,
  { token, name }: { token: string; name: string }
): Device {
  const at = timeText(now())
  const tokenHash = secrets.hashToken(token)
  return { id: newId(), userId, name, tokenHash, createdAt: at, lastUsedAt: at, answered: 0, settled: 0, answers: [] }
}

/** The same device with another token: its counter and answers go on [S2.7]. */
export function signedIn(
  { secrets, now }: Pick<RelayContext, 'secrets' | 'now'>,
  device: Device,
  { token, name }: { token: string; name: string }
): Device {
  return { ...device, name, tokenHash: secrets.hashToken(token), lastUsedAt: timeText(now()) }
}
