// New ids. Apart from the other values, which need schemas: the first page waits for none.
import { v4, v7 } from 'uuid'

let last = { ms: 0, seq: 0 }

/**
 * A new UUIDv7 from `crypto.getRandomValues`: also where there is no secure context. Those of one millisecond are in their order. The clock and these
 * numbers alone decide it, also after the clock went back.
 */
export function newId(): string {
  const ms = Date.now()
  // Half of what there is room for stays for those that follow.
  const seq = ms === last.ms ? last.seq + 1 : new DataView(v4({}, new Uint8Array(16)).buffer).getUint32(0) >>> 1
  last = { ms, seq }
  return v7({ msecs: ms, seq })
}
