// What a signed-in user asks of the relay by REST (SPEC §5): devices, password, the account's end, invites, open rooms. Keeps nothing.
import { z } from 'zod'
import {
  editsAnswerSchema,
  invitesAnswerSchema,
  newInviteAnswerSchema,
  openRoomsAnswerSchema,
  sessionsAnswerSchema
} from '../../protocol/rest.ts'
import type { FormerText, InviteEntry, NewInviteAnswer, OpenRoom, SessionEntry } from '../../protocol/rest.ts'
import { ask } from './rest-exchange.ts'
import type { Question, RestOptions } from './rest-exchange.ts'

/** Asks as the user who is signed in: the relay and the token are known to whoever made this. */
export type AskAsUser = <T>(question: Omit<Question, 'url' | 'token'>, schema: z.ZodType<T>) => Promise<T>

/** @param who asked anew each time: a token is renewed now and then */
export function asUser(who: () => { url: string; token: string }, options?: RestOptions): AskAsUser {
  return async (question, schema) => ask({ ...who(), ...question }, schema, options)
}

const nothing = z.undefined()
const roomsSchema = z.object({ rooms: z.array(z.object({ id: z.string(), name: z.string() })) })

/** One's own account on the relay. All of it needs the relay; failures are `ProtocolError` or `RelayUnreachableError`. */
export interface OwnAccount {
  /** The devices that are signed in, this one too. */
  sessions(): Promise<SessionEntry[]>
  /** Signs one device out; what it has stored stays on it. */
  endSession(deviceId: string): Promise<void>
  endOtherSessions(): Promise<void>
  /** Signs all other devices out. Throws `wrong-password`. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>
  /** [S11.9] For good. Throws `wrong-password`, `last-owner`. */
  deleteAccount(password: string): Promise<void>
}

export function ownAccount(ask: AskAsUser): OwnAccount {
  return {
    sessions: async () => (await ask({ method: 'GET', path: '/sessions' }, sessionsAnswerSchema)).sessions,
    endSession: async (deviceId) =>
      ask({ method: 'DELETE', path: `/sessions/${encodeURIComponent(deviceId)}` }, nothing),
    endOtherSessions: async () => ask({ method: 'DELETE', path: '/sessions?keep=current' }, nothing),
    changePassword: async (currentPassword, newPassword) =>
      ask({ method: 'POST', path: '/users/me/password', body: { currentPassword, newPassword } }, nothing),
    deleteAccount: async (password) => ask({ method: 'DELETE', path: '/users/me', body: { password } }, nothing)
  }
}

export interface InviteWish {
  uses: number
  expiresInHours: number
  /** Rooms that it leads into. */
  roomIds: string[]
}

/** Inviting people. Needs the relay; all but `accept` are for owners of it. */
export interface Invites {
  /** The code is said this once. */
  make(wish: InviteWish): Promise<NewInviteAnswer>
  /** Those that can still be used. */
  list(): Promise<InviteEntry[]>
  revoke(inviteId: string): Promise<void>
  /** For who has an account: joined into the rooms of the invite. Throws `wrong-invite`. */
  accept(code: string): Promise<{ id: string; name: string }[]>
}

export function invites(ask: AskAsUser): Invites {
  return {
    make: async (wish) => ask({ method: 'POST', path: '/invites', body: wish }, newInviteAnswerSchema),
    list: async () => (await ask({ method: 'GET', path: '/invites' }, invitesAnswerSchema)).invites,
    revoke: async (inviteId) => ask({ method: 'DELETE', path: `/invites/${encodeURIComponent(inviteId)}` }, nothing),
    accept: async (code) => (await ask({ method: 'POST', path: '/invites/accept', body: { code } }, roomsSchema)).rooms
  }
}

/** A page of the open rooms whose name holds `query`; `next` is the `after` of the next one, or null. */
export type FindOpenRooms = (wish: {
  query?: string
  after?: string
}) => Promise<{ rooms: OpenRoom[]; next: string | null }>

export function openRooms(ask: AskAsUser): FindOpenRooms {
  return async (wish) => ask({ method: 'GET', path: `/open-rooms${queryOf(wish)}` }, openRoomsAnswerSchema)
}

/** [S13.1] What a message said before, the oldest first. */
export type FindEdits = (roomId: string, messageId: string) => Promise<FormerText[]>

export function formerTexts(ask: AskAsUser): FindEdits {
  return async (roomId, messageId) => {
    const path = `/rooms/${encodeURIComponent(roomId)}/messages/${encodeURIComponent(messageId)}/edits`
    return (await ask({ method: 'GET', path }, editsAnswerSchema)).edits
  }
}

/** `?a=1&b=2` of what is defined; empty without any. */
export function queryOf(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** Sets a new password with a code from the owner of the relay; all devices of that user are signed out. Throws `wrong-reset`. */
export async function setPasswordByCode(
  url: string,
  wish: { username: string; code: string; newPassword: string }
): Promise<void> {
  await ask({ url, method: 'POST', path: '/password-resets', body: wish }, nothing)
}
