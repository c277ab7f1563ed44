// A seeded row of things that people do in rooms and aside, for the test that nobody else can tell the latter [S11.5]. Knows no relay.
import { asideRoomId } from '../../protocol/derived-ids.ts'
import type { Operation } from '../../protocol/operations.ts'

export const WATCHER = 'watcher'
/** Those who say things aside; the watcher owns the rooms, and is in none of the asides. */
export const TALKERS = ['ann', 'bob', 'cat', 'dan'] as const
export type Name = typeof WATCHER | (typeof TALKERS)[number]

export interface Step {
  who: Name
  /** Done only where things are said aside. */
  isAside: boolean
  operation: (idOf: (name: Name) => string) => Operation
}

interface Said {
  roomId: string
  messageId: string
  author: Name
}
/** In an aside of the room, of the author and these. */
type SaidAside = Said & { others: Name[] }

const SENT_AT = '2026-01-01T00:00:00.000Z'

/** The rooms that are made first, each with everybody in it. */
export function roomsOf(random: () => number): { group: string; open: string } {
  return { group: uuid(random), open: uuid(random) }
}

export function script(random: () => number, length: number, rooms: { group: string; open: string }): Step[] {
  const all = [WATCHER, ...TALKERS] as const
  const below = (end: number): number => Math.floor(random() * end)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const said: Said[] = []
  const aside: SaidAside[] = []

  const plain = (): Step => {
    const who = pick(all)
    const roomId = pick([rooms.group, rooms.open])
    const [about, other, text] = [said.length > 0 ? pick(said) : undefined, pick(TALKERS), `text ${below(1e6)}`]
    const [kind, set, role] = [below(14), below(2) === 0, pick(['admin', 'member'] as const)]
    const step = (operation: Step['operation'], by: Name = who): Step => ({ who: by, isAside: false, operation })
    if (kind < 5 || !about) {
      const messageId = uuid(random)
      said.push({ roomId, messageId, author: who })
      const mentions = below(3) === 0 ? [other] : []
      return step((idOf) => {
        return { type: 'message.send', roomId, messageId, body: text, sentAt: SENT_AT, mentions: mentions.map(idOf) }
      })
    }
    const { messageId } = about
    switch (kind) {
      case 5:
        return step(() => ({ type: 'message.edit', roomId: about.roomId, messageId, body: text }), about.author)
      case 6:
        return step(() => ({ type: 'message.delete', roomId: about.roomId, messageId }), about.author)
      case 7:
        return step(() => ({ type: 'reaction.set', roomId: about.roomId, messageId, emoji: '👍', set }))
      case 8:
        return step(() => ({ type: 'read.mark', roomId, seq: 1_000 }))
      case 9:
        return step(() => ({ type: 'room.change', roomId, topic: text }))
      case 10:
        return step((idOf) => ({ type: 'member.remove', roomId, userId: idOf(other) }), pick([WATCHER, other]))
      case 11:
      case 12:
        return step((idOf) => ({ type: 'member.add', roomId, userIds: [...TALKERS].map(idOf) }), WATCHER)
      default:
        return step((idOf) => ({ type: 'member.role', roomId, userId: idOf(other), role }), WATCHER)
    }
  }

  const whispered = (): Step => {
    const who = pick(TALKERS)
    const [first, second] = [pick(TALKERS), pick(TALKERS)]
    const others = [...new Set([first, second])].filter((name) => name !== who)
    const about = aside.length > 0 ? pick(aside) : undefined
    const text = `secret ${below(1e6)}`
    const kind = below(8)
    if (kind < 3 || !about) {
      const roomId = pick([rooms.group, rooms.open])
      const messageId = uuid(random)
      const to = others.length > 0 ? others : [TALKERS[who === 'ann' ? 1 : 0]]
      aside.push({ roomId, messageId, author: who, others: to })
      return {
        who,
        isAside: true,
        operation: (idOf) => {
          return { type: 'message.send', roomId, messageId, body: text, sentAt: SENT_AT, to: to.map(idOf) }
        }
      }
    }
    const by = pick([about.author, ...about.others])
    const id = uuid(random)
    const set = below(2) === 0
    const inside = (name: Name, operation: (roomId: string) => Operation): Step => {
      const asideId = (idOf: (name: Name) => string) =>
        asideRoomId(about.roomId, [about.author, ...about.others].map(idOf))
      return { who: name, isAside: true, operation: (idOf) => operation(asideId(idOf)) }
    }
    const { messageId } = about
    switch (kind) {
      case 3:
        return inside(by, (roomId) => {
          return { type: 'message.send', roomId, messageId: id, body: text, sentAt: SENT_AT, replyTo: messageId }
        })
      case 4:
        return inside(about.author, (roomId) => ({ type: 'message.edit', roomId, messageId, body: text }))
      case 5:
        return inside(about.author, (roomId) => ({ type: 'message.delete', roomId, messageId }))
      case 6:
        return inside(by, (roomId) => ({ type: 'reaction.set', roomId, messageId, emoji: '🤫', set }))
      default:
        return inside(by, (roomId) => ({ type: 'read.mark', roomId, seq: 1_000 }))
    }
  }

  return Array.from({ length }, () => (below(2) === 0 ? plain() : whispered()))
}

/** The same for the same seed. */
function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
