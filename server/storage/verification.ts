// What has to be true of a relay's data, whatever stores it: numbers without gaps, each once, and nothing that refers to what is not there.
// It is handed the data piece by piece and keeps little of it. Knows no driver.
import type { BlockRecord, MembershipRecord, UserRecord } from '../../protocol/records.ts'
import type { Account, Avatar, Device, Invite } from './port.ts'
import { VerifiedAvatars } from './verified-avatars.ts'
import { checkHead } from './verified-facts.ts'
import type { Counts, Report, RoomFacts, UserFacts } from './verified-facts.ts'
import { RoomVerification } from './verify-room.ts'

/** Where a membership was found, to name it if no member matches. */
interface Standing {
  where: string
  membership: MembershipRecord
}

/** To be handed all users, then all invites and rooms, then all pictures; then `end`. */
export class Verification {
  readonly counts: Counts = { users: 0, devices: 0, rooms: 0, messages: 0, reactions: 0 }
  readonly #report: Report
  readonly #users = new Set<string>()
  readonly #usersRevs = new Map<number, string>()
  readonly #names = new Map<string, string>()
  readonly #tokens = new Map<string, string>()
  readonly #devices = new Map<string, string>()
  /** By room, then by user. */
  readonly #memberships = new Map<string, Map<string, Standing>>()
  readonly #blocks: { where: string; block: BlockRecord }[] = []
  readonly #rooms = new Set<string>()
  /** Rooms that something else leads to. */
  readonly #ledTo: { where: string; what: string; roomId: string }[] = []
  readonly #avatars: VerifiedAvatars

  constructor(report: Report) {
    this.#report = report
    this.#avatars = new VerifiedAvatars(report)
  }

  user(where: string, facts: UserFacts): void {
    const { id, user, account } = facts
    this.counts.users += 1
    this.#users.add(id)
    if (!user) this.#report({ where, what: 'there is no user record' })
    else this.#userRecord(where, id, user)
    if (user?.deletedAt !== undefined) this.#gone(where, facts)
    else if (!account) this.#report({ where, what: 'there is no account' })
    else this.#account(where, account, facts)
    this.#avatars.expect(where, id, user?.avatar)
    for (const device of facts.devices) this.#device(where, id, device)
    for (const block of facts.blocks) this.#blocks.push({ where, block })
    this.#takeMemberships(where, facts)
  }

  #userRecord(where: string, id: string, user: UserRecord): void {
    this.#same(where, 'id of the user record', id, user.id)
    const other = this.#usersRevs.get(user.rev)
    if (other !== undefined) this.#report({ where, what: `rev ${user.rev} of the stream users is also in ${other}` })
    this.#usersRevs.set(user.rev, where)
  }

  /** [S11.9] */
  #gone(where: string, { account, devices }: UserFacts): void {
    if (account) this.#report({ where, what: '[S11.9] the user is deleted, and has an account' })
    if (devices.length > 0) this.#report({ where, what: '[S11.9] the user is deleted, and has devices' })
  }

  #account(where: string, account: Account, { id, user }: UserFacts): void {
    this.#same(where, 'user of the account', id, account.userId)
    if (user) this.#same(where, 'username of the account', user.username, account.username)
    this.#once(this.#names, where, `username ${JSON.stringify(account.username)}`, account.username)
  }

  /** [S2] Answers settled + 1 … answered, and no others. */
  #device(where: string, userId: string, device: Device): void {
    this.counts.devices += 1
    const at = `device ${device.id}`
    this.#same(where, `user of ${at}`, userId, device.userId)
    this.#once(this.#devices, where, at, device.id)
    if (device.tokenHash !== null) this.#once(this.#tokens, where, `the token hash of ${at}`, device.tokenHash)
    const numbers = device.answers.map(({ n }) => n)
    const isContiguous = numbers.every((n, index) => n === device.settled + 1 + index)
    const expected = device.answered === device.settled ? 'none' : `${device.settled + 1} to ${device.answered}`
    if (device.settled > device.answered || numbers.length !== device.answered - device.settled || !isContiguous) {
      this.#report({ where, what: `[S2] answers of ${at}`, expected, found: rangeText(numbers) })
    }
  }

  #takeMemberships(where: string, { id, head, memberships, blocks, preferences }: UserFacts): void {
    const revs = new Set<number>()
    for (const { rev } of [...memberships, ...blocks, ...(preferences ? [preferences] : [])]) {
      if (revs.has(rev)) this.#report({ where, what: `[S3] rev ${rev} of the stream user:${id} is there twice` })
      revs.add(rev)
    }
    for (const membership of memberships) {
      const { roomId } = membership
      const ofRoom = this.#memberships.get(roomId) ?? new Map<string, Standing>()
      this.#memberships.set(roomId, ofRoom)
      if (ofRoom.has(id)) this.#report({ where, what: `there are two memberships in room ${roomId}` })
      ofRoom.set(id, { where, membership })
    }
    checkHead(this.#report, where, `user:${id}`, head, Math.max(0, ...revs))
  }

  invites(where: string, invites: readonly Invite[]): void {
    const ids = new Map<string, string>()
    for (const { id, createdBy, uses, usesLeft, roomIds } of invites) {
      this.#once(ids, where, `invite ${id}`, id)
      for (const roomId of roomIds) this.#ledTo.push({ where, what: `a room that invite ${id} leads into`, roomId })

      if (createdBy !== null && !this.#users.has(createdBy)) {
        this.#report({ where, what: 'who made an invite', expected: 'a user', found: createdBy })
      }
      if (usesLeft < 0 || usesLeft > uses)
        this.#report({ where, what: 'uses left of an invite', expected: `0 to ${uses}`, found: `${usesLeft}` })
    }
  }

  /** The result is handed the room's messages, in order, then ended, before the next room. */
  room(where: string, facts: RoomFacts, readsWhere = where): RoomVerification {
    this.counts.rooms += 1
    const { id, members, room } = facts
    this.#rooms.add(id)
    this.#avatars.expect(where, id, room?.avatar)
    if (room?.parentId !== undefined)
      this.#ledTo.push({ where, what: '[S11.5] the room that an aside belongs to', roomId: room.parentId })
    const standing = this.#memberships.get(id) ?? new Map<string, Standing>()
    this.#memberships.delete(id)
    const reads = new Map(facts.reads.map(({ userId, seq }) => [userId, seq]))
    for (const [userId, { membership }] of standing) {
      const [marked, read] = [membership.readSeq ?? 0, reads.get(userId) ?? 0]
      // [S12.6] Of who has switched receipts off the others are told less.
      if (read <= marked) continue
      this.#report({
        where: readsWhere,
        what: `[S12.1] read by ${userId}`,
        expected: `at most ${marked}, as in the membership`,
        found: `${read}`
      })
    }
    for (const { userId, state, banned, parentId } of members) {
      const paired = standing.get(userId)
      standing.delete(userId)
      this.#same(where, `[S11.5] parentId of member ${userId}`, room?.parentId ?? 'none', parentId ?? 'none')
      // [S11.7] Who was never in an open room can be kept out of it.
      if (!paired && banned && state === 'removed') continue
      if (!paired) this.#report({ where, what: `member ${userId} is ${state}, but that user has no membership in it` })
      else this.#pair(paired, state, facts)
    }
    for (const [userId, { where: at }] of standing) {
      this.#report({ where: at, what: `there is a membership in room ${id}, whose members lack ${userId}` })
    }
    return new RoomVerification({
      where,
      readsWhere,
      facts,
      counts: this.counts,
      users: this.#users,
      report: this.#report
    })
  }

  #pair({ where, membership }: Standing, state: string, { id, headSeq, room }: RoomFacts): void {
    this.#same(where, `state of the membership in room ${id}`, state, membership.state)
    const { readSeq = 0, parentId = 'none' } = membership
    this.#same(where, `[S11.5] parentId of the membership in room ${id}`, room?.parentId ?? 'none', parentId)
    if (readSeq > headSeq) {
      this.#report({ where, what: `read up to in room ${id}`, expected: `at most ${headSeq}`, found: `${readSeq}` })
    }
  }

  /** @param avatar undefined if it cannot be read, which somebody reports */
  avatar(where: string, ownerId: string, avatar: Pick<Avatar, 'hash' | 'png'> | undefined): void {
    this.#avatars.take(where, ownerId, avatar)
  }

  end(): void {
    this.#avatars.end()
    for (const { where, block } of this.#blocks) {
      if (this.#users.has(block.userId)) continue
      this.#report({ where, what: '[S11.8] who is blocked', expected: 'a user', found: block.userId })
    }
    for (const { where, what, roomId } of this.#ledTo) {
      if (!this.#rooms.has(roomId)) this.#report({ where, what, expected: 'a room', found: roomId })
    }
    for (const [roomId, standing] of this.#memberships) {
      for (const { where } of standing.values())
        this.#report({ where, what: `room ${roomId} of a membership is not there` })
    }
  }

  #same(where: string, what: string, expected: string, found: string): void {
    if (expected !== found) this.#report({ where, what, expected, found })
  }

  #once(known: Map<string, string>, where: string, what: string, value: string): void {
    const other = known.get(value)
    if (other !== undefined) this.#report({ where, what: `${what} is also in ${other}` })
    known.set(value, where)
  }
}

function rangeText(numbers: readonly number[]): string {
  const [first] = numbers
  if (first === undefined) return 'none'
  const isContiguous = numbers.every((n, index) => n === first + index)
  return isContiguous ? `${first} to ${numbers.at(-1)}` : numbers.slice(0, 20).join(', ')
}
