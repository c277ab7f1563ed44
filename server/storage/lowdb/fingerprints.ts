// Fingerprints of message ids: 32 bits each, keyed, so that a client cannot make ids that collide. Knows no files.

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
