// A device as light as it can be: Socket.IO's text packets by hand over `ws`. Frames are counted by their first bytes; only a verifying one
// parses them. Pushes, one at a time, as Maru's client does.
import { WebSocket } from 'ws'
import { newId } from '../../protocol/values.ts'
import { count, nowMicros } from '../histogram.ts'
import type { Seat } from '../plan.ts'
import { bodyOf, Verifier } from './client.ts'
import type { Client, Tally } from './client.ts'

/** Enough of a hint to read from where to where it goes and whether it has its records. */
const HEAD_BYTES = 260
const HINT = /^42\["sync:changed",\{"epoch":\d+,"stream":"([^"]+)","from":(\d+),"through":(\d+),"records":\[/

interface Options {
  port: number
  roomId: string
  seat: Seat
  /** Which sender this is. */
  number: number
  verifying: boolean
  bodyChars: number
  tally: Tally
}

interface RoomRecord {
  type: string
  rev: number
  seq: number
  body: string
}

export function createRelayClient({ port, roomId, seat, number, verifying, bodyChars, tally }: Options): Client {
  const stream = `room:${roomId}`
  let socket: WebSocket
  let received = 0
  let position: number | undefined
  let seq: number | undefined
  let n = 0
  let closing = false
  let pushed: { at: number; messages: number; done: () => void } | undefined
  const verifier = new Verifier()

  function hear(data: Buffer): void {
    const head = data.toString('latin1', 0, HEAD_BYTES)
    const [, of, from, through] = HINT.exec(head) ?? []
    if (of !== stream) {
      if (of === undefined && head.includes(stream)) tally.fault(`a hint without records: ${head.slice(0, 200)}`)
      return
    }
    const records = Number(through) - Number(from)
    received += records
    tally.deliveries += records
    tally.bytes += data.length
    tally.frames += 1
    if (position !== undefined && Number(from) !== position) tally.fault(`a hint from ${from} came at ${position}`)
    position = Number(through)
    if (verifying) verify(data, Number(from), records)
  }

  function verify(data: Buffer, from: number, expected: number): void {
    const [, { records }] = JSON.parse(data.toString('utf8', 2)) as [string, { records: RoomRecord[] }]
    if (records.length !== expected) tally.fault(`${records.length} records for ${expected} revs`)
    for (const [index, record] of records.entries()) {
      if (record.type !== 'message' || record.rev !== from + 1 + index)
        tally.fault(`a ${record.type} with rev ${record.rev}`)
      if (seq !== undefined && record.seq !== seq + 1) tally.fault(`seq ${record.seq} after ${seq}`)
      ;({ seq } = record)
      verifier.check(record.body, tally)
    }
    tally.recordBytes = (data.length - HEAD_BYTES / 2) / Math.max(1, records.length)
  }

  function answered(data: Buffer): void {
    const [result] = JSON.parse(data.toString('utf8', data.indexOf(0x5b))) as [
      { ok: boolean; answers?: { status: string }[]; stopped?: unknown }
    ]
    const mine = pushed
    pushed = undefined
    if (!mine) return
    const accepted = result.answers?.filter(({ status }) => status === 'accepted').length ?? 0
    if (accepted !== mine.messages) tally.fault(`a push was answered ${JSON.stringify(result).slice(0, 300)}`)
    tally.accepted += accepted
    count(tally.ackMs, (nowMicros() - mine.at) / 1000)
    mine.done()
  }

  return {
    connect() {
      socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
        skipUTF8Validation: true
      })
      return new Promise((resolve, reject) => {
        socket.on('error', reject)
        socket.on('close', () => {
          reject(new Error('the relay closed a connection'))
          if (!closing) tally.fault(`connection ${number} was lost`)
        })
        socket.on('message', (data: Buffer) => {
          const kind = data.toString('latin1', 0, 2)
          if (kind === '42') {
            if (data.toString('latin1', 2, 19) === '["relay:welcome",') {
              const [, { answered }] = JSON.parse(data.toString('utf8', 2)) as [string, { answered: number }]
              n = answered
              resolve()
            } else hear(data)
          } else if (kind === '43') answered(data)
          else if (kind === '2') socket.send('3')
          else if (kind === '44') reject(new Error(data.toString()))
          else if (kind.startsWith('0')) socket.send(`40${JSON.stringify({ token: seat.token, protocol: 1 })}`)
        })
      })
    },

    send(messages, done) {
      const settled = n
      const operations = Array.from({ length: messages }, () => {
        n += 1
        tally.sent += 1
        const sentAt = new Date().toISOString()
        const operation = {
          type: 'message.send',
          roomId,
          messageId: newId(),
          body: bodyOf(number, n, bodyChars),
          sentAt
        }
        return { id: newId(), n, operation }
      })
      pushed = { at: nowMicros(), messages, done }
      socket.send(`420["sync:push",${JSON.stringify({ settled, operations })}]`)
    },

    get received() {
      return received
    },

    close() {
      closing = true
      socket.close()
    }
  }
}
