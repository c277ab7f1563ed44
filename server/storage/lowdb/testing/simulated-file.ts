// One file of the simulated disk: what processes see of it, what of that is flushed, and what a power cut leaves. Knows no names.

/** Disks write in blocks of this many bytes: each may be there or not. */
const BLOCK_BYTES = 512

export class SimulatedFile {
  #bytes = Buffer.alloc(256)
  #length = 0
  /** Bytes up to here are on the disk. */
  #synced = 0
  /** Ranges of which a flush failed: they may never reach the disk, whatever later flushes say. */
  readonly #lost: [from: number, to: number][] = []

  read(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  get size(): number {
    return this.#length
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#bytes.length))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = length
  }

  sync(): void {
    this.#synced = this.#length
  }

  failSync(): void {
    this.#lost.push([this.#synced, this.#length])
  }

  /** What was not flushed may be there, missing, shorter (at any byte), full of holes, or something else. */
  crash(random: () => number): void {
    const pick = (below: number) => Math.floor(random() * below)
    const filler = random() < 0.7 ? 0 : pick(256)
    for (const [from, to] of this.#lost) if (random() < 0.5) this.#bytes.fill(filler, from, Math.min(to, this.#length))
    this.#lost.length = 0
    if (this.#synced < this.#length) {
      const all = this.#length - this.#synced
      this.#length = this.#synced + ([0, all, pick(all + 1), pick(all + 1)][pick(4)] ?? 0)
      const share = random() < 0.5 ? 1 : random()
      for (let at = this.#synced; at < this.#length; at += BLOCK_BYTES - (at % BLOCK_BYTES)) {
        const end = Math.min(this.#length, at + BLOCK_BYTES - (at % BLOCK_BYTES))
        if (random() >= share) this.#bytes.fill(filler, at, end)
      }
    }
    this.#synced = this.#length
  }
}
