// The people and rooms of the matrix test: every standing in every kind of room, on a real relay with everybody connected.
import { asideRoomId, directRoomId, notesRoomId } from '../../protocol/derived-ids.ts'
import type { Operation } from '../../protocol/operations.ts'
import type { MemberRole, RoomKind } from '../../protocol/records.ts'
import { newId } from '../../protocol/values.ts'
import type { TestRelay } from './relay-kit.ts'
import type { TestDevice } from './test-device.ts'

export const ACTORS = ['owner', 'admin', 'member', 'left', 'removed', 'banned', 'stranger', 'relayOwner'] as const
/** Those who do something, and those to whom it is done: a joined member, and somebody who is in no room. */
export const PEOPLE = [
  'relayOwner',
  'owner',
  'admin',
  'member',
  'left',
  'removed',
  'banned',
  'stranger',
  'target',
  'newcomer'
] as const
export type Who = (typeof PEOPLE)[number]
export type Actor = (typeof ACTORS)[number]
export type Standing = MemberRole | 'left' | 'removed' | 'banned' | 'never'

/** A room to be made. */
export interface Variant {
  name: string
  kind: RoomKind
  parentKind?: 'group' | 'open'
  /** Of the room, or of an aside's parent. */
  adminsWrite?: boolean
  /** The room, or an aside's parent. */
  closed?: boolean
  /** Of an aside: some of its members have left the parent. */
  hearersLeft?: boolean
}

export const VARIANTS: readonly Variant[] = [
  { name: 'group', kind: 'group' },
  { name: 'group where admins write', kind: 'group', adminsWrite: true },
  { name: 'closed group', kind: 'group', closed: true },
  { name: 'open room', kind: 'open' },
  { name: 'open room where admins write', kind: 'open', adminsWrite: true },
  { name: 'closed open room', kind: 'open', closed: true },
  { name: 'direct room', kind: 'direct' },
  { name: 'notes', kind: 'notes' },
  { name: 'aside', kind: 'aside', parentKind: 'group' },
  { name: 'aside of an open room where admins write', kind: 'aside', parentKind: 'open', adminsWrite: true },
  { name: 'aside some of whose members left', kind: 'aside', parentKind: 'group', hearersLeft: true },
  { name: 'aside of a closed group', kind: 'aside', parentKind: 'group', closed: true }
]

/** A room that was made. */
export interface Place extends Variant {
  roomId: string
  parentId: string | undefined
  standing: Record<Who, Standing>
  parentRole: Record<Who, MemberRole | undefined>
  /** Messages of each who ever wrote: one to be changed, one to be deleted. */
  mine: Map<Who, { id: string; other: string }>
  /** The room's head when it was ready: what is told later is the test's doing. */
  base: number
}

const NEVER = Object.fromEntries(PEOPLE.map((who) => [who, 'never'])) as Record<Who, Standing>
const MEMBERS = ['admin', 'member', 'target', 'left', 'removed', 'banned'] as const satisfies readonly Who[]

export class World {
  readonly relay: TestRelay
  readonly devices: Record<Who, TestDevice>

  private constructor(relay: TestRelay, devices: Record<Who, TestDevice>) {
    this.relay = relay
    this.devices = devices
  }

  static async people(relay: TestRelay): Promise<World> {
    const people = await relay.signUpAll(PEOPLE)
    const entries: [Who, TestDevice][] = []
    for (const [index, who] of PEOPLE.entries()) {
      const person = people[index]
      if (person) entries.push([who, await relay.connect(person)])
    }
    return new World(relay, Object.fromEntries(entries) as Record<Who, TestDevice>)
  }

  id(who: Who): string {
    return this.devices[who].userId
  }

  /** As `DELETE`d answers would grow and grow, each push settles what was answered before. */
  async push(who: Who, ...operations: Operation[]): Promise<(string | undefined)[]> {
    const device = this.devices[who]
    device.settled = device.n
    const answers = await device.apply(...operations)
    return answers.map((answer) => (answer.status === 'refused' ? answer.error.code : undefined))
  }

  async #accepted(who: Who, ...operations: Operation[]): Promise<void> {
    const codes = await this.push(who, ...operations)
    if (codes.some((code) => code !== undefined)) throw new Error(`${who} could not prepare: ${codes.join()}`)
  }

  async make(variant: Variant): Promise<Place> {
    const place = await (variant.kind === 'direct' || variant.kind === 'notes'
      ? this.#own(variant)
      : this.#named({ ...variant, kind: variant.parentKind ?? (variant.kind as 'group' | 'open') }, variant))
    return { ...place, base: await this.relay.relay.storage.head(`room:${place.roomId}`) }
  }

  /** Made once: it is the same one whenever it is asked for. */
  async #own(variant: Variant): Promise<Place> {
    const isNotes = variant.kind === 'notes'
    const [first, second] = isNotes ? (['owner'] as const) : (['member', 'target'] as const)
    const roomId = second ? directRoomId(this.id(first), this.id(second)) : notesRoomId(this.id(first))
    const memberIds = second ? [this.id(second)] : []
    await this.#accepted(first, { type: 'room.create', roomId, kind: isNotes ? 'notes' : 'direct', memberIds })
    const standing: Record<Who, Standing> = isNotes
      ? { ...NEVER, owner: 'owner' }
      : { ...NEVER, member: 'member', target: 'member' }
    const mine = await this.#write(roomId, second ? [first, second] : [first])
    return { ...variant, roomId, parentId: undefined, standing, parentRole: noRoles(), mine, base: 0 }
  }

  async #named(
    room: { kind: 'group' | 'open'; adminsWrite?: boolean; closed?: boolean },
    variant: Variant
  ): Promise<Place> {
    const roomId = newId()
    const memberIds = MEMBERS.map((who) => this.id(who))
    await this.#accepted(
      'owner',
      { type: 'room.create', roomId, kind: room.kind, name: variant.name, memberIds },
      { type: 'member.role', roomId, userId: this.id('admin'), role: 'admin' }
    )
    const aside = variant.kind === 'aside' ? await this.#aside(roomId, variant) : undefined
    const mine = aside?.mine ?? (await this.#write(roomId, ['owner', ...MEMBERS]))
    await this.#accepted('left', { type: 'member.remove', roomId, userId: this.id('left') })
    await this.#accepted(
      'owner',
      { type: 'member.remove', roomId, userId: this.id('removed') },
      { type: 'member.ban', roomId, userId: this.id('banned'), set: true },
      ...(room.adminsWrite ? [{ type: 'room.change', roomId, writers: 'admins' } as const] : []),
      ...(room.closed ? [{ type: 'room.close', roomId } as const] : [])
    )
    const joined: Record<Who, Standing> = {
      ...NEVER,
      owner: 'owner',
      admin: 'admin',
      member: 'member',
      target: 'member',
      left: 'left',
      removed: 'removed',
      banned: 'banned'
    }
    const parentRole = { ...noRoles(), owner: 'owner', admin: 'admin', member: 'member', target: 'member' } as const
    if (!aside)
      return { ...variant, roomId, parentId: undefined, standing: joined, parentRole: noRoles(), mine, base: 0 }
    const ended = variant.hearersLeft ? ({ left: 'left', removed: 'removed', banned: 'banned' } as const) : {}
    const standing: Record<Who, Standing> = { ...NEVER, admin: 'member', member: 'member', target: 'member', ...ended }
    return { ...variant, roomId: aside.roomId, parentId: roomId, standing, parentRole, mine, base: 0 }
  }

  /** The owner of the parent is not in it. */
  async #aside(parentId: string, { hearersLeft = false }: Variant): Promise<{ roomId: string; mine: Place['mine'] }> {
    const others: Who[] = ['member', 'target', ...(hearersLeft ? (['left', 'removed', 'banned'] as const) : [])]
    const to = others.map((who) => this.id(who))
    await this.#accepted('admin', { ...sent(parentId, 'between us'), to })
    const roomId = asideRoomId(parentId, [this.id('admin'), ...to])
    return { roomId, mine: await this.#write(roomId, ['admin', ...others]) }
  }

  async #write(roomId: string, authors: readonly Who[]): Promise<Place['mine']> {
    const mine: Place['mine'] = new Map()
    const writing = authors.map(async (who) => {
      const [id, other] = [newId(), newId()]
      mine.set(who, { id, other })
      await this.#accepted(
        who,
        { ...sent(roomId, 'mine'), messageId: id },
        { ...sent(roomId, 'mine'), messageId: other }
      )
    })
    await Promise.all(writing)
    return mine
  }
}

/** A message to be sent, with a new id. */
export function sent(roomId: string, body: string): Operation & { type: 'message.send' } {
  return { type: 'message.send', roomId, messageId: newId(), body, sentAt: '2026-01-01T00:00:00.000Z' }
}

function noRoles(): Record<Who, undefined> {
  return Object.fromEntries(PEOPLE.map((who) => [who, undefined])) as Record<Who, undefined>
}
