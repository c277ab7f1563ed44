// What an owner of the relay asks of it by REST (SPEC §5, ●). Keeps nothing.
import { z } from 'zod'
import { roomRecordSchema, userRecordSchema } from '../../protocol/records.ts'
import {
  adminOverviewSchema,
  adminRoomsAnswerSchema,
  adminUsersAnswerSchema,
  auditAnswerSchema,
  resetAnswerSchema,
  sessionsAnswerSchema
} from '../../protocol/rest.ts'
import type { AdminOverview, AdminRoom, AdminUser, AuditEntry, SessionEntry } from '../../protocol/rest.ts'
import { queryOf } from './rest-account.ts'
import type { AskAsUser } from './rest-account.ts'

/** For owners of the relay, others get `not-permitted`. Needs the relay. Pages: `next` is the `after` of the next one, or null. */
export interface Administration {
  overview(): Promise<AdminOverview>
  users(after?: string): Promise<{ users: AdminUser[]; next: string | null }>
  /** Who is disabled is signed out and cannot sign in. Throws `last-owner`. */
  changeUser(userId: string, change: { role?: 'owner' | 'member'; disabled?: boolean }): Promise<void>
  /** Closes a user's connections, with a notice; they may come again. */
  disconnect(userId: string): Promise<void>
  /** A code, good once, with which that user sets a new password. */
  resetPassword(userId: string): Promise<{ username: string; code: string; expiresAt: string }>
  sessions(userId: string): Promise<SessionEntry[]>
  endSession(userId: string, deviceId: string): Promise<void>
  rooms(after?: string): Promise<{ rooms: AdminRoom[]; next: string | null }>
  closeRoom(roomId: string): Promise<void>
  /** The newest entries first; `olderCursor` is the `before` of older ones, or null. */
  audit(before?: number): Promise<{ entries: AuditEntry[]; olderCursor: number | null }>
}

const nothing = z.undefined()

export function administration(ask: AskAsUser): Administration {
  const user = (userId: string) => `/admin/users/${encodeURIComponent(userId)}`
  return {
    overview: async () => ask({ method: 'GET', path: '/admin' }, adminOverviewSchema),
    users: async (after) => ask({ method: 'GET', path: `/admin/users${queryOf({ after })}` }, adminUsersAnswerSchema),
    changeUser: async (userId, change) => {
      await ask({ method: 'PATCH', path: user(userId), body: change }, z.object({ user: userRecordSchema }))
    },
    disconnect: async (userId) => ask({ method: 'POST', path: `${user(userId)}/disconnect` }, nothing),
    resetPassword: async (userId) => ask({ method: 'POST', path: `${user(userId)}/password-reset` }, resetAnswerSchema),
    sessions: async (userId) =>
      (await ask({ method: 'GET', path: `${user(userId)}/sessions` }, sessionsAnswerSchema)).sessions,
    endSession: async (userId, deviceId) =>
      ask({ method: 'DELETE', path: `${user(userId)}/sessions/${encodeURIComponent(deviceId)}` }, nothing),
    rooms: async (after) => ask({ method: 'GET', path: `/admin/rooms${queryOf({ after })}` }, adminRoomsAnswerSchema),
    closeRoom: async (roomId) => {
      const path = `/admin/rooms/${encodeURIComponent(roomId)}/close`
      await ask({ method: 'POST', path }, z.object({ room: roomRecordSchema }))
    },
    audit: async (before) => ask({ method: 'GET', path: `/admin/audit${queryOf({ before })}` }, auditAnswerSchema)
  }
}
