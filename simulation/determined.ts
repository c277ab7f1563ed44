// For the time of a run the process's clock and its numbers are the world's: what asks them by itself, as new ids do, is the same each time.
import { newId } from '../protocol/new-id.ts'
import { createRandom } from './random.ts'

/** @param now ms since 1970. Returns what gives the process its own again. */
export function determineProcess(seed: number, now: () => number): () => void {
  const random = createRandom(seed ^ 0x1d5)
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.integer(256)
    return view
  }
  const realNow = Date.now
  Object.defineProperty(crypto, 'getRandomValues', { configurable: true, value: fill })
  // Ids of one moment go on from each other: after this one of another, nothing is left of what was before.
  Date.now = () => 0
  newId()
  Date.now = now
  return () => {
    Date.now = realNow
    Reflect.deleteProperty(crypto, 'getRandomValues')
  }
}
