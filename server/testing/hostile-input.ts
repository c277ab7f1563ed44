// Requests made up by chance: every route and event, with what is nearly right, what is bent, and what is meant to harm. For tests only.
import { newId } from '../../protocol/values.ts'

/** As `Math.random`. */
export type Random = () => number

/** Things that exist, and some that do not. */
export interface Known {
  userIds: string[]
  deviceIds: string[]
  roomIds: string[]
  messageIds: string[]
  inviteIds: string[]
  codes: string[]
  usernames: string[]
  passwords: string[]
}

export interface RestInput {
  method: string
  path: string
  headers: Record<string, string>
  /** As it is sent. */
  text?: string
}

/** method, path (`:name` is filled in), the fields of the body, the names in the query. */
type Route = readonly [method: string, path: string, body?: readonly string[], query?: readonly string[]]

/** SPEC §5, all of it: fuzz-people.test.ts holds it against the page. */
export const ROUTES: readonly Route[] = [
  ['GET', '/relay'],
  ['POST', '/accounts', ['username', 'password', 'displayName', 'color', 'deviceName', 'invite']],
  ['POST', '/sessions', ['username', 'password', 'deviceId', 'deviceName']],
  ['POST', '/sessions/renew', ['asNewDevice', 'deviceName']],
  ['GET', '/sessions'],
  ['DELETE', '/sessions/:deviceId'],
  ['GET', '/users'],
  ['DELETE', '/sessions', [], ['keep']],
  ['PATCH', '/users/me', ['displayName', 'color', 'avatar', 'status', 'receipts']],
  ['GET', '/users/me/preferences'],
  ['PATCH', '/users/me/preferences', ['availability']],
  ['POST', '/users/me/password', ['currentPassword', 'newPassword']],
  ['DELETE', '/users/me', ['password']],
  ['POST', '/password-resets', ['username', 'code', 'newPassword']],
  ['PUT', '/users/me/blocks/:userId'],
  ['DELETE', '/users/me/blocks/:userId'],
  ['GET', '/users/:userId/avatar/:hash'],
  ['GET', '/rooms/:id/avatar/:hash'],
  ['POST', '/invites', ['uses', 'expiresInHours', 'roomIds']],
  ['GET', '/invites'],
  ['DELETE', '/invites/:inviteId'],
  ['POST', '/invites/accept', ['code']],
  ['GET', '/open-rooms', [], ['after', 'query']],
  ['GET', '/rooms'],
  ['POST', '/rooms', ['id', 'kind', 'name', 'memberIds', 'history', 'topic', 'writers']],
  ['GET', '/rooms/:id'],
  ['PATCH', '/rooms/:id', ['name', 'topic', 'avatar', 'writers']],
  ['POST', '/rooms/:id/close'],
  ['POST', '/rooms/:id/join'],
  ['POST', '/rooms/:id/members', ['userIds']],
  ['PATCH', '/rooms/:id/members/:userId', ['role']],
  ['DELETE', '/rooms/:id/members/:userId', [], ['quietly']],
  ['PUT', '/rooms/:id/bans/:userId'],
  ['DELETE', '/rooms/:id/bans/:userId'],
  ['GET', '/rooms/:id/messages', [], ['before', 'since', 'limit']],
  ['POST', '/rooms/:id/messages', ['id', 'body', 'sentAt', 'replyTo', 'mentions', 'to']],
  ['PATCH', '/rooms/:id/messages/:messageId', ['body', 'mentions']],
  ['DELETE', '/rooms/:id/messages/:messageId'],
  ['GET', '/rooms/:id/messages/:messageId/edits'],
  ['PUT', '/rooms/:id/pins/:messageId'],
  ['DELETE', '/rooms/:id/pins/:messageId'],
  ['PUT', '/rooms/:id/messages/:messageId/reactions/:emoji'],
  ['DELETE', '/rooms/:id/messages/:messageId/reactions/:emoji'],
  ['PUT', '/rooms/:id/read', ['seq']],
  ['GET', '/rooms/:id/presence'],
  ['GET', '/admin'],
  ['GET', '/admin/users', [], ['after']],
  ['PATCH', '/admin/users/:userId', ['role', 'disabled']],
  ['POST', '/admin/users/:userId/disconnect'],
  ['POST', '/admin/users/:userId/password-reset'],
  ['GET', '/admin/users/:userId/sessions'],
  ['DELETE', '/admin/users/:userId/sessions/:deviceId'],
  ['GET', '/admin/rooms', [], ['after']],
  ['POST', '/admin/rooms/:id/close'],
  ['GET', '/admin/audit', [], ['before']]
]

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What is never right, or hardly ever. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 60,
  1e308,
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  '../../etc/passwd',
  '%00',
  '%E0%A4%A',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '${7*7}',
  '__proto__',
  'constructor',
  'x'.repeat(30_000),
  '👩‍🚀'.repeat(500),
  [],
  {},
  [null],
  [[[[]]]],
  { $ne: null },
  { length: 3, 0: 'x' },
  JSON.parse('{"__proto__":{"role":"owner"}}'),
  Array.from({ length: 2_000 }, () => 'x'),
  '00000000-0000-8000-8000-000000000000'
]

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/json; charset=utf-16',
  ''
]

export function hostileInput(random: Random, known: Known) {
  const whole = (below: number): number => Math.floor(random() * below)
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T
  const chance = (share: number): boolean => random() < share
  const text = (): string => pick(['well', 'a b', 'ㄱ', '안녕 🙂', 'x'.repeat(whole(200))])
  const someOf = (list: readonly string[]): string[] => Array.from({ length: whole(4) }, () => pick(list))

  /** A value that a field of this name may well have. */
  const likely: Record<string, () => unknown> = {
    username: () => (chance(0.7) ? pick(known.usernames) : `u${whole(1e6)}`),
    password: () => pick(known.passwords),
    currentPassword: () => pick(known.passwords),
    newPassword: () => pick(known.passwords),
    displayName: text,
    deviceName: text,
    color: () => pick(['teal', 'plum', 'pink']),
    invite: () => pick(known.codes),
    code: () => pick(known.codes),
    deviceId: () => pick(known.deviceIds),
    asNewDevice: () => chance(0.5),
    keep: () => 'current',
    avatar: () => pick([PIXEL, null, PIXEL.slice(0, 60), 'AAAA']),
    status: () => pick([text(), null]),
    receipts: () => pick([true, false]),
    availability: () => pick(['auto', 'dnd', 'invisible']),
    topic: () => pick([text(), null]),
    hash: () => pick(['0'.repeat(32), 'f'.repeat(32)]),
    uses: () => 1 + whole(30),
    expiresInHours: () => 1 + whole(100),
    roomIds: () => someOf(known.roomIds),
    id: () => pick(known.roomIds),
    roomId: () => pick(known.roomIds),
    parentId: () => pick(known.roomIds),
    inviteId: () => pick(known.inviteIds),
    userId: () => pick(known.userIds),
    userIds: () => someOf(known.userIds),
    memberIds: () => someOf(known.userIds),
    mentions: () => someOf(known.userIds),
    to: () => someOf(known.userIds),
    messageId: () => (chance(0.5) ? pick(known.messageIds) : newId()),
    replyTo: () => pick(known.messageIds),
    kind: () => pick(['group', 'open', 'direct', 'notes', 'aside']),
    name: text,
    body: text,
    history: () => 'from-joining',
    writers: () => pick(['admins', null]),
    role: () => pick(['owner', 'admin', 'member']),
    disabled: () => chance(0.5),
    quietly: () => pick([true, 'true']),
    sentAt: () => pick(['2026-11-20T12:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999+14:00']),
    seq: () => whole(30),
    before: () => whole(30),
    since: () => whole(60),
    after: () => (chance(0.5) ? whole(60) : pick(known.roomIds)),
    limit: () => 1 + whole(200),
    query: text,
    emoji: () => pick(['👍', '👩‍🚀', '1️⃣', '👍👍', 'x']),
    set: () => chance(0.6),
    typing: () => chance(0.7),
    active: () => chance(0.5),
    watch: () => someOf(known.userIds),
    pinned: () => chance(0.5),
    unreadFrom: () => pick([1 + whole(20), null]),
    mutedUntil: () => pick(['2030-01-01T00:00:00Z', null]),
    settled: () => whole(3),
    epoch: () => whole(3),
    heldSeq: () => whole(30)
  }
  const valueOf = (name: string): unknown => (chance(0.06) ? pick(HOSTILE) : (likely[name]?.() ?? pick(HOSTILE)))

  function objectOf(names: readonly string[], needed: readonly string[] = []): Record<string, unknown> {
    const fields = names
      .filter((name) => needed.includes(name) || chance(0.75))
      .map((name) => [name, valueOf(name)] as const)
    if (chance(0.05)) fields.push([pick(['extra', '__proto__', 'toString', 'role', 'userId']), pick(HOSTILE)])
    return Object.fromEntries(fields)
  }

  const inPath = (name: string): string => {
    const value = valueOf(name)
    const said = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    return chance(0.02)
      ? said.slice(0, 50).replaceAll(/[\s\p{Cc}]/gu, '')
      : encodeURIComponent(said.slice(0, 1_000).toWellFormed())
  }

  return {
    chance,
    pick,
    whole,
    objectOf,
    hostile: () => pick(HOSTILE),

    rest(): RestInput {
      const [method, path, body = [], query = []] = pick(ROUTES)
      const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => inPath(name))
      const asked = query.filter(() => chance(0.7)).map((name) => `${name}=${inPath(name)}`)
      const address = `/api/v1${filled}${asked.length === 0 ? '' : `?${asked.join('&')}`}`
      const asIs = chance(0.04) ? pick(['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) : method
      if (asIs === 'GET' || asIs === 'HEAD' || (body.length === 0 && chance(0.8)))
        return { method: asIs, path: address, headers: {} }
      const json = JSON.stringify(chance(0.03) ? pick(HOSTILE) : objectOf(body))
      const text = chance(0.03) ? json.slice(0, whole(json.length)) : json
      return {
        method: asIs,
        path: address,
        headers: { 'content-type': chance(0.95) ? 'application/json' : pick(TYPES) },
        text
      }
    }
  }
}
