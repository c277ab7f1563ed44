// The commands of whoever runs the relay: what an owner may do, in words on a terminal.
import { z } from 'zod'
import { usernameSchema } from '../../protocol/values.ts'
import {
  adminOverviewSchema,
  adminRoomsAnswerSchema,
  adminUsersAnswerSchema,
  auditAnswerSchema,
  invitesAnswerSchema,
  newInviteAnswerSchema,
  resetAnswerSchema,
  sessionsAnswerSchema
} from '../../protocol/rest.ts'
import type { AdminUser, AuditEntry } from '../../protocol/rest.ts'
import { StartError } from '../config.ts'
import type { Config } from '../config.ts'
import { adminHelpText } from './admin-arguments.ts'
import type { AdminCommand } from './admin-arguments.ts'
import { openAdminLink } from './admin-link.ts'
import type { AdminLink } from './admin-link.ts'

export interface AdminCommandParts {
  config: Config
  now: () => number
  /** A line of what was asked for. */
  say: (line: string) => void
}

type Parts = AdminCommandParts & { link: AdminLink }

/** Enough for a terminal; the page in the app has all of them. */
const MAX_ENTRIES = 200

/** @returns the exit code. @throws StartError with a sentence for what stands in the way */
export async function runAdminCommand(command: AdminCommand, parts: AdminCommandParts): Promise<number> {
  if (command.act === 'help') {
    parts.say(adminHelpText().trimEnd())
    return 0
  }
  const link = await openAdminLink(parts.config, parts.now)
  try {
    await run(command, { ...parts, link })
    return 0
  } finally {
    await link.close()
  }
}

async function run(command: Exclude<AdminCommand, { act: 'help' }>, parts: Parts): Promise<void> {
  const { link, say } = parts
  switch (command.act) {
    case 'overview':
    case 'errors':
      return sayOverview(command.act, parts)
    case 'users':
      return sayUsers(parts)
    case 'rooms':
      return sayRooms(parts)
    case 'invites':
      return sayInvites(parts)
    case 'audit':
      return sayAudit(parts)
    case 'invite':
      return makeInvite(command, parts)
    case 'revoke':
      await link.ask('DELETE', `/invites/${encodeURIComponent(command.id)}`, nothing)
      return say('This invite can be used no more.')
    case 'close-room':
      await link.ask('POST', `/admin/rooms/${encodeURIComponent(command.id)}/close`, z.unknown())
      return say('The room is closed: it stays readable for its members, nobody writes there any more.')
    default:
      return runOnUser(command, parts)
  }
}

async function runOnUser(command: Extract<AdminCommand, { username: string }>, parts: Parts): Promise<void> {
  const { link, say } = parts
  const user = await findUser(command.username, parts)
  const path = `/admin/users/${user.user.id}`
  const name = user.user.username
  switch (command.act) {
    case 'reset-password': {
      const { code, expiresAt } = await link.ask('POST', `${path}/password-reset`, resetAnswerSchema)
      say(`Code for ${name}: ${code} (once, until ${minute(expiresAt)})`)
      return sayLink(`reset/${encodeURIComponent(name)}/${code}`, parts)
    }
    case 'disable':
      await link.ask('PATCH', path, z.unknown(), { disabled: true })
      return say(`${name} is signed out everywhere and cannot sign in.`)
    case 'enable':
      await link.ask('PATCH', path, z.unknown(), { disabled: false })
      return say(`${name} can sign in.`)
    case 'owner':
    case 'member':
      await link.ask('PATCH', path, z.unknown(), { role: command.act })
      return say(command.act === 'owner' ? `${name} is an owner of the relay.` : `${name} is a member of the relay.`)
    case 'disconnect':
      await link.ask('POST', `${path}/disconnect`, nothing)
      return say(link.running ? `The connections of ${name} were ended.` : 'The relay is stopped: nobody is connected.')
    case 'devices': {
      const { sessions } = await link.ask('GET', `${path}/sessions`, sessionsAnswerSchema)
      const rows = sessions.map(({ deviceName, deviceId, createdAt, lastUsedAt, online }) => {
        return [deviceName, deviceId, minute(createdAt), online ? 'now' : minute(lastUsedAt)]
      })
      return sayTable(['device', 'id', 'since', 'last used'], rows, say)
    }
  }
}

async function sayOverview(what: 'overview' | 'errors', { link, say }: Parts): Promise<void> {
  const { version, registration, startedAt, storage, connections, errors } = await link.ask(
    'GET',
    '/admin',
    adminOverviewSchema
  )
  if (what === 'errors') {
    if (!link.running) return say('The relay is stopped: what went wrong before is in its log.')
    if (errors.length === 0) return say(`No errors since ${minute(startedAt)}.`)
    for (const { at, message } of errors) say(`${minute(at)}  ${plain(message)}`)
    return
  }
  const size = storage.bytes === null ? '' : `, ${(storage.bytes / 1_000_000).toFixed(1)} MB`
  say(`Maru relay ${version}, registration: ${registration}`)
  say(link.running ? `Running since ${minute(startedAt)}` : 'Stopped')
  say(`Storage: ${storage.driver}${size}, ${storage.users} users, ${storage.rooms} rooms`)
  if (storage.trouble !== undefined) say(`It cannot store anything now: ${storage.trouble}`)
  if (link.running) say(`Connected: ${connections.devices} devices of ${connections.users} users`)
  if (errors.length > 0) say(`${errors.length} errors: npm run relay -- admin errors`)
}

async function sayUsers(parts: Parts): Promise<void> {
  const rows: string[][] = []
  await eachUser(parts, ({ user, disabled, deviceCount, onlineDeviceCount, lastUsedAt }) => {
    const state = [...(user.role === 'owner' ? ['owner'] : []), ...(disabled ? ['disabled'] : [])].join(', ')
    const last = onlineDeviceCount > 0 ? 'now' : lastUsedAt === null ? '' : minute(lastUsedAt)
    rows.push([user.username, user.displayName, state, String(deviceCount), last])
    return false
  })
  sayTable(['username', 'name', '', 'devices', 'last used'], rows, parts.say)
}

async function findUser(text: string, parts: Parts): Promise<AdminUser> {
  const name = usernameSchema.safeParse(text)
  const found = name.success ? await eachUser(parts, ({ user }) => user.username === name.data) : undefined
  if (!found) throw new StartError(`There is no user ${JSON.stringify(text.slice(0, 40))} on this relay.`)
  return found
}

/** Page by page until `take` says that it is the one. */
async function eachUser({ link }: Parts, take: (user: AdminUser) => boolean): Promise<AdminUser | undefined> {
  for (let after: string | null = ''; after !== null;) {
    const path: string = after === '' ? '/admin/users' : `/admin/users?after=${after}`
    const { users, next } = await link.ask('GET', path, adminUsersAnswerSchema)
    for (const user of users) if (take(user)) return user
    after = next
  }
  return undefined
}

async function sayRooms({ link, say }: Parts): Promise<void> {
  const rows: string[][] = []
  for (let after: string | null = ''; after !== null;) {
    const path: string = after === '' ? '/admin/rooms' : `/admin/rooms?after=${after}`
    const { rooms, next } = await link.ask('GET', path, adminRoomsAnswerSchema)
    for (const { id, kind, name, memberCount, headSeq, closedAt } of rooms) {
      rows.push([name, kind, closedAt === undefined ? '' : 'closed', String(memberCount), String(headSeq), id])
    }
    after = next
  }
  sayTable(['room', 'kind', '', 'members', 'messages', 'id'], rows, say)
}

async function sayInvites({ link, say }: Parts): Promise<void> {
  const { invites } = await link.ask('GET', '/invites', invitesAnswerSchema)
  const rows = invites.map(({ id, uses, usesLeft, expiresAt, roomIds, createdBy }) => {
    return [id, `${usesLeft} of ${uses}`, minute(expiresAt), String(roomIds.length), createdBy ?? 'the relay']
  })
  sayTable(['invite', 'uses left', 'until', 'rooms', 'made by'], rows, say)
}

async function makeInvite(command: Extract<AdminCommand, { act: 'invite' }>, parts: Parts): Promise<void> {
  const { act: _, ...wish } = command
  const { code, uses, expiresAt } = await parts.link.ask('POST', '/invites', newInviteAnswerSchema, wish)
  parts.say(`Invite: ${code} (${uses} uses, until ${minute(expiresAt)})`)
  sayLink(`join/${code}`, parts)
}

async function sayAudit(parts: Parts): Promise<void> {
  const names = new Map<string, string>()
  await eachUser(parts, ({ user }) => {
    names.set(user.id, user.username)
    return false
  })
  const { entries } = await parts.link.ask('GET', '/admin/audit', auditAnswerSchema)
  const rows = entries.slice(0, MAX_ENTRIES).map((entry) => {
    const actor = entry.actorId === null ? 'the relay' : (names.get(entry.actorId) ?? entry.actorId)
    return [minute(entry.at), actor, entry.act, objectOf(entry, names)]
  })
  sayTable(['when', 'who', 'what', 'to'], rows, parts.say)
}

function objectOf({ userId, roomId, deviceId, inviteId, detail }: AuditEntry, names: Map<string, string>): string {
  const user = userId === undefined ? undefined : (names.get(userId) ?? userId)
  return [user, roomId, deviceId, inviteId, detail].filter((each) => each !== undefined).join(' ')
}

const nothing = z.undefined()

function sayLink(path: string, { config, say }: Parts): void {
  if (config.publicUrl !== undefined) say(`Link: ${config.publicUrl}${path}`)
}

function sayTable(titles: readonly string[], rows: readonly (readonly string[])[], say: (line: string) => void): void {
  if (rows.length === 0) return say('None.')
  const table = [titles, ...rows].map((row) => row.map(plain))
  const widths = titles.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  for (const row of table)
    say(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
}

/** What people chose as their names may not steer a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, '')
}

/** Of an ISO time, to the minute. */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`
}
