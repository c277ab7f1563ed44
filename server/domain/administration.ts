// What an owner of the relay may see and do [SPEC §5, ●]; each act is written down with it (audit.ts). Sees no messages, and of rooms those alone
// that have a name of their own: groups and open ones.
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_ADMIN_PAGE, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { RoomRecord, UserRecord } from '../../protocol/records.ts'
import type { AdminOverview, AdminRoom, AdminUser } from '../../protocol/rest.ts'
import { roomStream, USERS_STREAM } from '../../protocol/streams.ts'
import { RELAY_AUTHOR_ID } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import type { Registration } from '../config.ts'
import type { RecentError } from '../recent-errors.ts'
import type { Draft } from '../storage/port.ts'
import type { Actor, Audit } from './audit.ts'
import { closeRoomOfRelay } from './closing.ts'
import type { RelayContext } from './context.ts'
import { findUsers, requireAnotherOwner, usersPage } from './owners.ts'
import { endSession, endSessions, runs } from './sessions.ts'
import type { Connections } from './sessions.ts'

/** What the relay knows of itself besides what is stored. */
export interface RelayFacts {
  version: string
  registration: Registration
  startedAt: string
  /** The newest first. */
  recentErrors(): RecentError[]
}

/** What the open connections have to do with administration. */
export interface AdminConnections extends Connections {
  /** Ends a user's connections with a notice; the devices may come again. */
  disconnect(userId: string): void
  count(): { devices: number; users: number }
}

export interface Administration {
  overview(): Promise<AdminOverview>
  /** In the order in which the users' records were changed. @param after a `next` of before */
  users(after?: number): Promise<{ users: AdminUser[]; next: string | null }>
  /** @throws ProtocolError `user-not-found` */
  requireUser(userId: string): Promise<UserRecord>
  /** The id behind a name. @throws ProtocolError `user-not-found` */
  userIdOf(username: string): Promise<string>
  /** Who is disabled is signed out. @throws ProtocolError `user-not-found`, `last-owner` */
  changeUser(actor: Actor, userId: string, change: UserChange): Promise<UserRecord>
  /** @throws ProtocolError `user-not-found` */
  disconnect(actor: Actor, userId: string): Promise<void>
  /** @throws ProtocolError `user-not-found`, `device-not-found` */
  endSession(actor: Actor, userId: string, deviceId: string): Promise<void>
  rooms(after?: string): Promise<{ rooms: AdminRoom[]; next: string | null }>
  /** @throws ProtocolError `room-not-found` */
  closeRoom(actor: Actor, roomId: string): Promise<RoomRecord>
}

export interface UserChange {
  role?: 'owner' | 'member' | undefined
  disabled?: boolean | undefined
}

export function createAdministration(
  { storage, now }: RelayContext,
  { audit, connections, facts }: { audit: Audit; connections: AdminConnections; facts: RelayFacts }
): Administration {
  async function adminUser(user: UserRecord): Promise<AdminUser> {
    const account = await storage.accountOf(user.id)
    const devices = (await storage.devicesOf(user.id)).filter((device) => runs(device, now()))
    const lastUsedAt = devices.reduce<string | null>((last, device) => {
      return last === null || device.lastUsedAt > last ? device.lastUsedAt : last
    }, null)
    return {
      user,
      disabled: account?.disabledAt !== undefined,
      deviceCount: devices.length,
      onlineDeviceCount: devices.filter(({ id }) => connections.isOnline(id)).length,
      lastUsedAt
    }
  }

  return {
    async overview() {
      const { driver, bytes, users, rooms } = await storage.usage()
      const { trouble } = storage
      return {
        version: facts.version,
        protocol: PROTOCOL_VERSION,
        registration: facts.registration,
        startedAt: facts.startedAt,
        epoch: storage.epoch,
        storage: {
          driver,
          bytes,
          users,
          rooms,
          ...(trouble === undefined ? {} : { trouble })
        },
        connections: connections.count(),
        errors: facts.recentErrors()
      }
    },

    async users(after = 0) {
      const { users, through, more } = await usersPage(storage, after, MAX_ADMIN_PAGE)
      const listed = users.filter(({ deletedAt }) => deletedAt === undefined)
      return { users: await Promise.all(listed.map(adminUser)), next: more ? String(through) : null }
    },

    requireUser: (userId) => requireUser(storage, userId),

    async userIdOf(username) {
      const account = await storage.account(username)
      if (!account) throw userNotFound()
      return account.userId
    },

    async changeUser(actor, userId, change) {
      const others = await findUsers(storage, ({ role }) => role === 'owner')
      const { user, ended } = await audit.perform(actor, {
        streams: [USERS_STREAM],
        work: async (draft, note) => {
          const user = await requireUser(draft, userId)
          const account = await draft.accountOf(userId)
          if (!account) throw userNotFound()
          const { role = user.role, disabled = account.disabledAt !== undefined } = change
          const isLess = (user.role === 'owner' && role === 'member') || (disabled && account.disabledAt === undefined)
          if (user.role === 'owner' && isLess) await requireAnotherOwner(draft, others, userId)

          let changed = user
          if (role !== user.role) {
            const { rev: _, ...rest } = user
            changed = await draft.put<UserRecord>(USERS_STREAM, { ...rest, role })
            note({ act: 'user.role-set', userId, detail: role })
          }
          if (disabled === (account.disabledAt !== undefined)) return { user: changed, ended: [] }
          const { disabledAt: _, ...kept } = account
          draft.putAccount(disabled ? { ...kept, disabledAt: timeText(now()) } : kept)
          note({ act: disabled ? 'user.disabled' : 'user.enabled', userId })
          return { user: changed, ended: disabled ? await endSessions(draft, userId) : [] }
        }
      })
      connections.end(ended, 'account-disabled')
      return user
    },

    async disconnect(actor, userId) {
      await audit.perform(actor, {
        work: async (draft, note) => {
          await requireUser(draft, userId)
          note({ act: 'user.disconnected', userId })
        }
      })
      connections.disconnect(userId)
    },

    async endSession(actor, userId, deviceId) {
      await audit.perform(actor, {
        work: async (draft, note) => {
          await requireUser(draft, userId)
          if (await endSession(draft, userId, deviceId)) note({ act: 'session.ended', userId, deviceId })
        }
      })
      connections.end([deviceId], 'session-ended')
    },

    async rooms(after) {
      const from = after === undefined ? {} : { after }
      const page = await storage.rooms({ kinds: ['group', 'open'], ...from, limit: MAX_ADMIN_PAGE + 1 })
      const rooms = await Promise.all(
        page.slice(0, MAX_ADMIN_PAGE).map(async ({ id, kind, name, createdAt, closedAt }) => ({
          id,
          kind: kind as 'group' | 'open',
          name,
          memberCount: await storage.memberCount(id),
          headSeq: await storage.headSeq(id),
          createdAt,
          ...(closedAt === undefined ? {} : { closedAt })
        }))
      )
      return { rooms, next: page.length > MAX_ADMIN_PAGE ? (rooms.at(-1)?.id ?? null) : null }
    },

    closeRoom: (actor, roomId) =>
      audit.perform(actor, {
        streams: [roomStream(roomId)],
        work: async (draft, note) => {
          const context = { draft, actorId: actor.userId ?? RELAY_AUTHOR_ID, now: timeText(now()) }
          const { changed } = await closeRoomOfRelay(context, roomId)
          if (changed) note({ act: 'room.closed', roomId })
          const room = await draft.room(roomId)
          if (!room) throw new Error('a room that was closed is there')
          return room
        }
      })
  }
}

async function requireUser(reader: Pick<Draft, 'user'>, userId: string): Promise<UserRecord> {
  const user = await reader.user(userId)
  if (!user || user.deletedAt !== undefined) throw userNotFound()
  return user
}

function userNotFound(): ProtocolError {
  return new ProtocolError('user-not-found', 'there is no such user', { field: 'userId' })
}
