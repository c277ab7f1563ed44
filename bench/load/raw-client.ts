// A client of the baseline: it sends a record of the same size as Maru's, and counts what comes back. Only a verifying one parses.
import { WebSocket } from 'ws'
import { newId } from '../../protocol/values.ts'
import { count, nowMicros } from '../histogram.ts'
import type { Seat } from '../plan.ts'
import { bodyOf, Verifier } from './client.ts'
import type { Client, Tally } from './client.ts'

interface Options {
  port: number
  roomId: string
  seat: Seat
  number: number
  verifying: boolean
  bodyChars: number
  tally: Tally
}

export function createRawClient({ port, roomId, seat, number, verifying, bodyChars, tally }: Options): Client {
  let socket: WebSocket
  let received = 0
  let nth = 0
  let closing = false
  let under: { at: number; done: () => void } | undefined
  const verifier = new Verifier()
  const own = Buffer.from(`"authorId":"${seat.userId}"`)

  function hear(data: Buffer): void {
    received += 1
    tally.deliveries += 1
    tally.bytes += data.length
    tally.frames += 1
    if (verifying) {
      verifier.check((JSON.parse(data.toString()) as { body: string }).body, tally)
      tally.recordBytes = data.length
    }
    if (under && data.includes(own)) {
      const mine = under
      under = undefined
      tally.accepted += 1
      count(tally.ackMs, (nowMicros() - mine.at) / 1000)
      mine.done()
    }
  }

  return {
    connect() {
      socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false, skipUTF8Validation: true })
      socket.on('message', hear)
      socket.on('close', () => {
        if (!closing) tally.fault(`connection ${number} was lost`)
      })
      return new Promise((resolve, reject) => {
        socket.on('error', reject)
        socket.on('open', resolve)
      })
    },

    send(_messages, done) {
      nth += 1
      tally.sent += 1
      const at = new Date().toISOString()
      const record = {
        type: 'message',
        rev: 100_000 + nth,
        id: newId(),
        roomId,
        seq: 100_000 + nth,
        kind: 'text',
        authorId: seat.userId,
        body: bodyOf(number, nth, bodyChars),
        sentAt: at,
        acceptedAt: at
      }
      under = { at: nowMicros(), done }
      socket.send(JSON.stringify(record))
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
