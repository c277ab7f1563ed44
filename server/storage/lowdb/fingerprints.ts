// Fingerprints of message ids: 32 bits each, keyed, so that a client cannot make ids that collide. Knows no files.
import { endianness } from 'node:os'

/** HalfSipHash-2-4 of the id's UTF-16 code units (https://github.com/veorq/SipHash), as an unsigned 32-bit number. */
export function fingerprint(id: string, key: readonly [number, number]): number {
  let v0 = key[0] | 0
  let v1 = key[1] | 0
  let v2 = 0x6c796765 ^ key[0]
  let v3 = 0x74656462 ^ key[1]
  const round = () => {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  const take = (word: number) => {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }
  let at = 0
  for (; at + 1 < id.length; at += 2) take(id.charCodeAt(at) | (id.charCodeAt(at + 1) << 16))
  take(((id.length * 2) << 24) | (at < id.length ? id.charCodeAt(at) : 0))
  v2 ^= 0xff
  round()
  round()
  round()
  round()
  return (v1 ^ v3) >>> 0
}

/** Where the ids of messages that lie one after the other are, for good: 6 bytes a message, found by binary search. */
export class FingerprintRun {
  readonly firstSeq: number
  /** Ascending, … */
  readonly #prints: Uint32Array
  /** … and of each, how far its message is from the first one. */
  readonly #places: Uint16Array

  private constructor(firstSeq: number, prints: Uint32Array, places: Uint16Array) {
    this.firstSeq = firstSeq
    this.#prints = prints
    this.#places = places
  }

  /** @param inOrder of seq; at most 65,536 */
  static of(firstSeq: number, inOrder: readonly number[]): FingerprintRun {
    const places = Uint16Array.from(inOrder.keys()).toSorted((a, b) => (inOrder[a] ?? 0) - (inOrder[b] ?? 0))
    return new FingerprintRun(
      firstSeq,
      Uint32Array.from(places, (place) => inOrder[place] ?? 0),
      places
    )
  }

  /** The run that `toBytes` was asked of; undefined if it was not one of `count` messages. */
  static fromBytes(firstSeq: number, bytes: Buffer, count: number): FingerprintRun | undefined {
    if (bytes.length !== count * 6) return undefined
    // In a buffer of their own, where numbers may begin. They are little-endian, as nearly all machines are.
    const copy = Buffer.from(new ArrayBuffer(bytes.length))
    bytes.copy(copy)
    if (endianness() === 'BE') {
      copy.subarray(0, count * 4).swap32()
      copy.subarray(count * 4).swap16()
    }
    const places = new Uint16Array(copy.buffer, count * 4, count)
    return new FingerprintRun(firstSeq, new Uint32Array(copy.buffer, 0, count), places)
  }

  toBytes(): Buffer {
    const bytes = Buffer.alloc(this.bytes)
    this.#prints.forEach((print, at) => bytes.writeUInt32LE(print, at * 4))
    this.#places.forEach((place, at) => bytes.writeUInt16LE(place, this.#prints.byteLength + at * 2))
    return bytes
  }

  get bytes(): number {
    return this.#prints.byteLength + this.#places.byteLength
  }

  /** The seqs with this fingerprint; nearly always none or one. */
  seqsOf(print: number): number[] {
    let low = 0
    let high = this.#prints.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#prints[middle] ?? 0) < print) low = middle + 1
      else high = middle
    }
    const found: number[] = []
    for (; this.#prints[low] === print; low++) found.push(this.firstSeq + (this.#places[low] ?? 0))
    return found
  }
}

/** From fingerprint to the seqs that have it: an open hash table in one typed array, 8 bytes a slot, at most 2/3 full. */
export class SeqTable {
  /** Pairs (fingerprint, seq); seq 0 is a free slot. */
  #slots: Uint32Array
  #size = 0

  constructor(expected: number) {
    this.#slots = new Uint32Array(2 * slotsFor(expected))
  }

  get bytes(): number {
    return this.#slots.byteLength
  }

  /** Repeating a pair changes nothing. */
  add(print: number, seq: number): void {
    if ((this.#size + 1) * 3 > this.#slots.length) this.#grow()
    const mask = this.#slots.length / 2 - 1
    let slot = print & mask
    for (; this.#slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      if (this.#slots[2 * slot] === print && this.#slots[2 * slot + 1] === seq) return
    }
    this.#slots[2 * slot] = print
    this.#slots[2 * slot + 1] = seq
    this.#size += 1
  }

  /** The seqs with this fingerprint; nearly always none or one. */
  seqsOf(print: number): number[] {
    const found: number[] = []
    const mask = this.#slots.length / 2 - 1
    for (let slot = print & mask; this.#slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      if (this.#slots[2 * slot] === print) found.push(this.#slots[2 * slot + 1] ?? 0)
    }
    return found
  }

  /** A table of those with a seq above `seq` alone. */
  above(seq: number): SeqTable {
    const rest = new SeqTable(0)
    for (let at = 0; at < this.#slots.length; at += 2) {
      const found = this.#slots[at + 1] ?? 0
      if (found > seq) rest.add(this.#slots[at] ?? 0, found)
    }
    return rest
  }

  #grow(): void {
    const former = this.#slots
    this.#slots = new Uint32Array(former.length * 2)
    this.#size = 0
    for (let at = 0; at < former.length; at += 2) {
      const seq = former[at + 1] ?? 0
      if (seq !== 0) this.add(former[at] ?? 0, seq)
    }
  }
}

/** A power of two that leaves a third free. */
function slotsFor(expected: number): number {
  let slots = 64
  while (slots * 2 < expected * 3 + 3) slots *= 2
  return slots
}
