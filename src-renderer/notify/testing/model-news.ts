// What the store says is new, in memory, for tests of the rules: rooms that a test fills, and marks that outlive a restart and are shared by windows.
// Keeps the contract of NewsStore; store/news.test.ts holds the real one to it.
import { Subject } from 'rxjs'
import type { NewMessage, NewsStore, RoomNews } from '../../store/news.ts'

interface ModelRoom {
  room: Pick<RoomNews, 'roomId' | 'shownIn' | 'kind' | 'name' | 'joined' | 'mutedUntil'>
  readSeq: number
  head: number
  joinedSeq: number
  messages: NewMessage[]
}

export interface ModelNews {
  store: NewsStore
  room(roomId: string, more?: Partial<ModelRoom['room']> & { joinedSeq?: number; head?: number }): void
  /** Somebody says something; returns it. */
  say(roomId: string, body: string, more?: Partial<NewMessage>): NewMessage
  /** Seqs pass that this device does not hold. */
  skip(roomId: string, seqs: number): void
  read(roomId: string, seq?: number): void
  change(roomId: string, more: Partial<ModelRoom['room']>): void
  touch(roomId: string): void
  delete(roomId: string, id: string): void
  /** The next call of this kind fails. */
  failNext(call: 'look' | 'advance'): void
  /** What another window does between the next `look` and the `advance` behind it. */
  interfere(act: () => void): void
  /** Calls of `look`, with the rooms that were asked for. */
  readonly looks: readonly (readonly string[])[]
  mark(roomId: string): number | undefined
}

export function modelNews(): ModelNews {
  const rooms = new Map<string, ModelRoom>()
  const marks = new Map<string, number>()
  const [touched, deleted] = [new Subject<readonly string[]>(), new Subject<readonly string[]>()]
  const failing = new Set<string>()
  const looks: (readonly string[])[] = []
  let interference = (): void => {}
  let begun = false
  let ids = 0

  const of = (roomId: string): ModelRoom => {
    const room = rooms.get(roomId)
    if (!room) throw new Error(`no room ${roomId}`)
    return room
  }
  const touch = (roomId: string): void => touched.next([roomId])
  const fail = (call: string): void => {
    if (failing.delete(call)) throw new Error(`${call} failed`)
  }
  const newsOf = ({ room, readSeq, head, joinedSeq, messages }: ModelRoom): RoomNews => {
    const from = Math.max(marks.get(room.roomId) ?? 0, Math.min(joinedSeq, head))
    const first = Math.max(from, readSeq) + 1
    const said = room.joined ? messages.filter(({ seq }) => seq >= first && seq <= head) : []
    const missing = room.joined ? Math.max(0, head - first + 1 - said.length) : 0
    return { ...room, readSeq, from, head, messages: said, missing }
  }

  return {
    looks,
    touch,
    mark: (roomId) => marks.get(roomId),
    interfere: (act) => void (interference = act),
    failNext: (call) => void failing.add(call),
    room(roomId, { joinedSeq = 0, head = 0, ...more } = {}) {
      const room = {
        roomId,
        shownIn: roomId,
        kind: 'group',
        name: roomId,
        joined: true,
        mutedUntil: null,
        ...more
      } as const
      rooms.set(roomId, { room, readSeq: 0, head, joinedSeq, messages: [] })
    },
    say(roomId, body, more = {}) {
      const room = of(roomId)
      room.head += 1
      const id = `message ${++ids}`
      const message: NewMessage = {
        id,
        seq: room.head,
        kind: 'text',
        body,
        authorId: 'mina',
        authorName: '미나',
        own: false,
        blocked: false,
        mentionsMe: false,
        deleted: false,
        ...more
      }
      room.messages.push(message)
      touch(roomId)
      return message
    },
    skip(roomId, seqs) {
      of(roomId).head += seqs
      touch(roomId)
    },
    read(roomId, seq = of(roomId).head) {
      of(roomId).readSeq = seq
      touch(roomId)
    },
    change(roomId, more) {
      Object.assign(of(roomId).room, more)
      touch(roomId)
    },
    delete(roomId, id) {
      const message = of(roomId).messages.find((each) => each.id === id)
      if (message) Object.assign(message, { deleted: true, body: '' })
      deleted.next([id])
    },
    store: {
      touched,
      deleted,
      hasBegun: async () => begun,
      async begin() {
        for (const { room, head } of rooms.values()) marks.set(room.roomId, head)
        begun = true
      },
      behind: async () =>
        [...rooms.values()].flatMap(({ room: { roomId }, head }) => (head === marks.get(roomId) ? [] : roomId)),
      async look(roomIds) {
        looks.push(roomIds)
        fail('look')
        return roomIds.flatMap((roomId) => {
          const room = rooms.get(roomId)
          return room ? [newsOf(room)] : []
        })
      },
      async advance(wanted) {
        fail('advance')
        const act = interference
        interference = () => {}
        act()
        const moved = new Map<string, number>()
        for (const { roomId, from, head } of wanted) {
          const stands = marks.get(roomId)
          if (stands !== undefined && (from <= head ? stands >= head : stands <= head)) continue
          marks.set(roomId, head)
          moved.set(roomId, Math.max(from, Math.min(stands ?? from, head)))
        }
        return moved
      }
    }
  }
}
