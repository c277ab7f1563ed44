// A device of the living room, as light as it can be: it keeps who has read how far, as the app does, marks what it reads, types, watches people, and
// comes and goes. Socket.IO's text packets by hand over `ws`; of messages it keeps the place alone.
import { WebSocket } from 'ws'
import { newId } from '../../protocol/values.ts'
import type { Seat } from '../plan.ts'
import { bodyOf } from './client.ts'

const HEAD_BYTES = 260
const HINT = /^42\["sync:changed",\{"epoch":(\d+),"stream":"([^"]+)","from":(\d+),"through":(\d+)/
const MESSAGE_SEQ = /"type":"message"[^}]*?"seq":(\d+)/g

interface ReadRecord {
  userId: string
  seq: number
}
interface ReadsHint {
  from: number
  through: number
  records: ReadRecord[]
}

/** What all devices of a process share. */
export interface Living {
  port: number
  roomId: string
  bodyChars: number
  /** The place of each member in `read`. */
  placeOf: ReadonlyMap<string, number>
  /** A hint of reads that another device of this process has parsed already: the frames are the same bytes. */
  parsed: { from: number; through: number; hint: ReadsHint } | undefined
  /** The same of messages: the highest seq in a hint. */
  looked: { through: number; seq: number } | undefined
  fault(text: string): void
  counts: {
    marks: number
    messages: number
    typingFrames: number
    presenceFrames: number
    readFrames: number
    pulls: number
  }
}

export interface LivingClient {
  readonly isOnline: boolean
  /** The highest seq that this device has heard of, and how far it has read. */
  readonly seen: number
  /** How far each member has read, by `placeOf`. */
  readonly read: Float64Array
  /** Whether something was asked that is not answered yet. */
  readonly isBusy: boolean
  connect(): Promise<void>
  /** The connection is cut, without a goodbye. */
  cut(): void
  send(): void
  /** What it has seen is read; nothing happens while the last mark is not answered. */
  markRead(): void
  type(typing: boolean): void
  watch(userIds: readonly string[]): void
}

export function createLivingClient(living: Living, seat: Seat, number: number): LivingClient {
  const { port, roomId, bodyChars, placeOf, counts } = living
  const [room, reads] = [`room:${roomId}`, `reads:${roomId}`]
  const read = new Float64Array(placeOf.size)
  let socket: WebSocket | undefined
  let isOnline = false
  let seen = 0
  let marked = 0
  let n = 0
  let epoch = 0
  const through = { room: 0, reads: 0 }
  /** By the number of its acknowledgement. */
  const asked = new Map<number, (answer: Record<string, unknown>) => void>()
  let asking = 0
  /** Hints that came while reads are pulled [S7.3]. */
  let kept: ReadsHint[] | undefined

  function ask(event: string, payload: unknown, answered: (answer: Record<string, unknown>) => void = () => {}): void {
    asking += 1
    asked.set(asking, answered)
    socket?.send(`42${asking}["${event}",${JSON.stringify(payload)}]`)
  }

  function push(operation: object, answered: () => void): void {
    const settled = n
    n += 1
    ask('sync:push', { settled, operations: [{ id: newId(), n, operation }] }, ({ answers, stopped }) => {
      const [answer] = (answers as { status: string }[] | undefined) ?? []
      if (answer?.status !== 'accepted') living.fault(`a push was answered ${JSON.stringify({ answers, stopped })}`)
      answered()
    })
  }

  function applyReads({ from, through: to, records }: ReadsHint): void {
    if (to <= through.reads) return
    if (from > through.reads) return pullReads()
    for (const { userId, seq } of records) {
      const place = placeOf.get(userId) ?? 0
      read[place] = Math.max(read[place] ?? 0, seq)
    }
    through.reads = to
  }

  /** From where it is on, as often as there is more. */
  function pullReads(done: () => void = () => {}): void {
    kept ??= []
    counts.pulls += 1
    const want = { kind: 'changes', stream: reads, since: through.reads, epoch: through.reads === 0 ? 0 : epoch }
    ask('sync:pull', { wants: [want] }, ({ results }) => {
      const [result] = results as { ok: boolean; records: ReadRecord[]; through: number; more: boolean }[]
      if (!result?.ok) return living.fault(`reads could not be pulled: ${JSON.stringify(result)}`)
      applyReads({ from: through.reads, through: result.through, records: result.records })
      if (result.more) return pullReads(done)
      const hints = kept ?? []
      kept = undefined
      for (const hint of hints) applyReads(hint)
      done()
    })
  }

  /** The room's newest page, as a device that comes back. */
  function pullRoom(done: () => void): void {
    counts.pulls += 1
    ask('sync:pull', { wants: [{ kind: 'page', roomId }] }, ({ results }) => {
      const [page] = results as { ok: boolean; headSeq: number; head: number }[]
      if (!page?.ok) return living.fault(`a page could not be pulled: ${JSON.stringify(page)}`)
      seen = Math.max(seen, page.headSeq)
      through.room = Math.max(through.room, page.head)
      done()
    })
  }

  function hear(data: Buffer): void {
    const head = data.toString('latin1', 0, HEAD_BYTES)
    const [, , stream, from, to] = HINT.exec(head) ?? []
    if (stream === room) {
      if (Number(from) > through.room && through.room > 0) living.fault(`a hint from ${from} came at ${through.room}`)
      through.room = Number(to)
      seen = Math.max(seen, seenIn(data, Number(to)))
    } else if (stream === reads) {
      counts.readFrames += 1
      const hint = hintOf(data, Number(from), Number(to))
      if (kept) kept.push(hint)
      else applyReads(hint)
    } else if (head.startsWith('42["live:typing"')) counts.typingFrames += 1
    else if (head.startsWith('42["live:presence"')) counts.presenceFrames += 1
  }

  function seenIn(data: Buffer, to: number): number {
    if (living.looked?.through === to) return living.looked.seq
    const seqs = [...data.toString('latin1').matchAll(MESSAGE_SEQ)].map(([, seq]) => Number(seq))
    living.looked = { through: to, seq: Math.max(0, ...seqs) }
    return living.looked.seq
  }

  function hintOf(data: Buffer, from: number, to: number): ReadsHint {
    const { parsed } = living
    if (parsed?.from === from && parsed.through === to) return parsed.hint
    const [, hint] = JSON.parse(data.toString('utf8', 2)) as [string, ReadsHint]
    living.parsed = { from, through: to, hint }
    return hint
  }

  return {
    get isOnline() {
      return isOnline
    },
    get seen() {
      return seen
    },
    get isBusy() {
      return asked.size > 0
    },
    read,

    connect() {
      const opened = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
        skipUTF8Validation: true
      })
      socket = opened
      return new Promise((resolve, reject) => {
        opened.on('error', reject)
        opened.on('close', () => {
          if (socket !== opened) return
          isOnline = false
          asked.clear()
          living.fault(`connection ${number} was lost`)
          reject(new Error('the relay closed a connection'))
        })
        opened.on('message', (data: Buffer) => {
          if (socket !== opened) return
          const kind = data.toString('latin1', 0, 2)
          if (kind === '42') {
            if (data.toString('latin1', 2, 19) !== '["relay:welcome",') return hear(data)
            const [, welcome] = JSON.parse(data.toString('utf8', 2)) as [string, { answered: number; epoch: number }]
            ;({ answered: n, epoch } = welcome)
            through.room = 0
            kept = []
            pullRoom(() =>
              pullReads(() => {
                isOnline = true
                resolve()
              })
            )
          } else if (kind === '43') {
            const bracket = data.indexOf(0x5b)
            const id = Number(data.toString('latin1', 2, bracket))
            const answered = asked.get(id)
            asked.delete(id)
            answered?.((JSON.parse(data.toString('utf8', bracket)) as [Record<string, unknown>])[0])
          } else if (kind === '2') opened.send('3')
          else if (kind === '44') reject(new Error(data.toString()))
          else if (kind.startsWith('0')) opened.send(`40${JSON.stringify({ token: seat.token, protocol: 1 })}`)
        })
      })
    },

    cut() {
      const closing = socket
      socket = undefined
      isOnline = false
      asked.clear()
      closing?.terminate()
    },

    send() {
      counts.messages += 1
      const sentAt = new Date().toISOString()
      push({ type: 'message.send', roomId, messageId: newId(), body: bodyOf(number, n, bodyChars), sentAt }, () => {})
    },

    markRead() {
      if (!isOnline || asked.size > 0 || seen <= marked) return
      counts.marks += 1
      const seq = seen
      push({ type: 'read.mark', roomId, seq }, () => (marked = seq))
    },

    type(typing) {
      if (isOnline) ask('live:typing', { roomId, typing })
    },

    watch(userIds) {
      if (isOnline) ask('live:presence', { watch: userIds, active: true })
    }
  }
}
