// Sessions: which device a token is, renewing it, ending it. Tokens themselves are never stored [SPEC §5].
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_DEVICES_PER_USER, TOKEN_LIFETIME_MS } from '../../protocol/limits.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { SessionAnswer, SessionEntry } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import type { Device, Draft, Reader } from '../storage/port.ts'
import type { RelayContext } from './context.ts'

/** `lastUsedAt` is written at most this often. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000

/** Whose token it is: the actor of everything that comes with it [S17]. */
export interface Session {
  user: UserRecord
  deviceId: string
}

/** Why a session has ended, as its connections are told (`relay:notice`). */
export type SessionEnd = 'session-ended' | 'account-disabled' | 'account-deleted'

/** What the open connections have to do with sessions. */
export interface Connections {
  /** Ends the connections of these devices with a notice. To be called once it is stored. */
  end(deviceIds: readonly string[], why: SessionEnd): void
  /** Whether the device is connected now. */
  isOnline(deviceId: string): boolean
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
  /** Those that run. @param current the device that asks, if it is one of them */
  list(userId: string, current?: string): Promise<SessionEntry[]>
  /** Ends a session of this user; one that has ended stays so. @throws ProtocolError `device-not-found` */
  revoke(userId: string, deviceId: string): Promise<void>
  /** Signs all devices of the user out, but `keep`. */
  revokeAll(userId: string, keep?: string): Promise<void>
}

export function createSessions(context: RelayContext, connections: Connections): Sessions {
  const { storage, line, secrets, now, log } = context

  async function check(device: Device | undefined): Promise<Device> {
    if (!device || device.tokenHash === null) throw sessionEnded()
    const idleMs = now() - Date.parse(device.lastUsedAt)
    if (idleMs > TOKEN_LIFETIME_MS) throw new ProtocolError('token-expired', 'the session was not used for too long')
    if (idleMs >= TOUCH_INTERVAL_MS) touch(device.id)
    return device
  }

  /** Nobody waits for it, and a relay that cannot write it down still serves. */
  function touch(deviceId: string): void {
    const work = async (draft: Draft): Promise<void> => {
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
      if (!user || user.deletedAt !== undefined) throw sessionEnded()
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
          if (!current || current.tokenHash === null) throw sessionEnded()
          const session = { token, name: deviceName ?? current.name }
          if (asNewDevice) return putNewDevice(context, draft, user.id, session)
          const device = signedIn(context, current, session)
          draft.putDevice(device)
          return { device, forgotten: [] }
        }
      })
      connections.end(made.forgotten, 'session-ended')
      return { user, deviceId: made.device.id, token }
    },

    async list(userId, current) {
      const devices = await storage.devicesOf(userId)
      return devices
        .filter((device) => runs(device, now()))
        .map(({ id, name, createdAt, lastUsedAt }) => ({
          deviceId: id,
          deviceName: name,
          createdAt,
          lastUsedAt,
          current: id === current,
          online: connections.isOnline(id)
        }))
    },

    async revoke(userId, deviceId) {
      await line.submit({ streams: [], work: (draft) => endSession(draft, userId, deviceId) })
      connections.end([deviceId], 'session-ended')
    },

    async revokeAll(userId, keep) {
      const ended = await line.submit({ streams: [], work: (draft) => endSessions(draft, userId, keep) })
      connections.end(ended, 'session-ended')
    }
  }
}

function sessionEnded(): ProtocolError {
  return new ProtocolError('unauthorized', 'the session has ended: sign in')
}

/**
 * To be asked in the commit of what a user does by REST: the account may have been disabled or deleted while it waited in line.
 * @throws ProtocolError `unauthorized`
 */
export async function requireAccount(reader: Reader, userId: string): Promise<void> {
  const account = await reader.accountOf(userId)
  if (!account || account.disabledAt !== undefined) throw sessionEnded()
}

/** Whether a device has a token that can still be used. */
export function runs({ tokenHash, lastUsedAt }: Device, nowMs: number): boolean {
  return tokenHash !== null && nowMs - Date.parse(lastUsedAt) <= TOKEN_LIFETIME_MS
}

/** What a device is called that did not say. */
export const UNNAMED_DEVICE = 'unnamed device'

type Minting = Pick<RelayContext, 'secrets' | 'now'>

/**
 * Stages a device that has answered nothing yet. Beyond MAX_DEVICES_PER_USER those are forgotten whose session has ended, then those that were not used for
 * longest: with them goes what is remembered of their operations. @returns also the forgotten ones, whose connections are to be ended
 */
export async function putNewDevice(
  { secrets, now }: Minting,
  draft: Draft,
  userId: string,
  { token, name }: { token: string; name: string }
): Promise<{ device: Device; forgotten: string[] }> {
  const at = timeText(now())
  const tokenHash = secrets.hashToken(token)
  const device = {
    id: newId(),
    userId,
    name,
    tokenHash,
    createdAt: at,
    lastUsedAt: at,
    answered: 0,
    settled: 0,
    answers: []
  }
  const others = await draft.devicesOf(userId)
  const isEnded = (each: Device): number => (each.tokenHash === null ? 0 : 1)
  const forgotten = others
    .toSorted((a, b) => isEnded(a) - isEnded(b) || (a.lastUsedAt < b.lastUsedAt ? -1 : 1))
    .slice(0, Math.max(0, others.length + 1 - MAX_DEVICES_PER_USER))
    .map(({ id }) => id)
  for (const id of forgotten) draft.removeDevice(id)
  draft.putDevice(device)
  return { device, forgotten }
}

/** The same device with another token: its counter and answers go on [S2.7]. */
export function signedIn({ secrets, now }: Minting, device: Device, named: { token: string; name: string }): Device {
  const { token, name } = named
  return { ...device, name, tokenHash: secrets.hashToken(token), lastUsedAt: timeText(now()) }
}

/** Stages the end of one session. @throws ProtocolError `device-not-found` @returns whether it ran until now */
export async function endSession(draft: Draft, userId: string, deviceId: string): Promise<boolean> {
  const device = await draft.device(deviceId)
  if (device?.userId !== userId) {
    throw new ProtocolError('device-not-found', 'there is no such device of this user', { field: 'deviceId' })
  }
  if (device.tokenHash === null) return false
  draft.putDevice({ ...device, tokenHash: null })
  return true
}

/** Stages the end of all sessions of a user but that of `keep`. @returns the devices whose connections are to be ended */
export async function endSessions(draft: Draft, userId: string, keep?: string): Promise<string[]> {
  const ended = (await draft.devicesOf(userId)).filter(({ id, tokenHash }) => tokenHash !== null && id !== keep)
  for (const device of ended) draft.putDevice({ ...device, tokenHash: null })
  return ended.map(({ id }) => id)
}
