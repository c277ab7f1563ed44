// What the two kinds of client of a generator have in common: what they report to, and how a message body is made and read.
import { count, newHistogram, nowMicros } from '../histogram.ts'

/** The counters of one generator process. */
export interface Tally {
  deliveries: number
  bytes: number
  frames: number
  accepted: number
  sent: number
  verified: number
  recordBytes: number
  deliveryMs: Uint32Array
  ackMs: Uint32Array
  fault(text: string): void
}

/** @param fault hears what is wrong */
export function newTally(fault: (text: string) => void): Tally {
  return {
    deliveries: 0,
    bytes: 0,
    frames: 0,
    accepted: 0,
    sent: 0,
    verified: 0,
    recordBytes: 0,
    deliveryMs: newHistogram(),
    ackMs: newHistogram(),
    fault
  }
}

export interface Client {
  /** Resolves when it is where it hears the room. */
  connect(): Promise<void>
  /** Sends this many messages; `done` is called when the relay has them all (raw: when they came back). */
  send(messages: number, done: () => void): void
  readonly received: number
  close(): void
}

/** `<sender> <its count> <when, in microseconds> xxx…` */
export function bodyOf(sender: number, nth: number, chars: number): string {
  return `${sender} ${nth} ${nowMicros()} `.padEnd(chars, 'x')
}

/** Checks what every verifying client must see: each sender's messages in order, each once, none missing. */
export class Verifier {
  readonly #nth = new Map<string, number>()

  /** @returns what is wrong, if anything */
  check(body: string, tally: Tally): void {
    const [sender = '', nth = '', at = ''] = body.split(' ', 3)
    const expected = (this.#nth.get(sender) ?? 0) + 1
    if (Number(nth) !== expected) tally.fault(`message ${nth} of sender ${sender} came where ${expected} was due`)
    this.#nth.set(sender, Number(nth))
    tally.verified += 1
    count(tally.deliveryMs, (nowMicros() - Number(at)) / 1000)
  }
}
