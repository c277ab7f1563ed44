// Looks for relays on the networks of this machine as long as somebody asks what was found. Knows not how they are found.
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'

/** So long after the last question it goes on: a page that was loaded anew or has crashed asks no more. */
export const LOOKS_ON_FOR_MS = 10_000

export interface RelaySearchOptions {
  /** Calls back with all that is known, on every change. Returns its stop. */
  find: (found: { onChange: (relays: readonly FoundRelay[]) => void }) => () => void
  /** As `setTimeout`; returns its stop. */
  after: (ms: number, work: () => void) => () => void
}

/** Returns the question: what is there now. The first answer is empty; whoever wants to know goes on asking. */
export function createRelaySearch({ find, after }: RelaySearchOptions): () => readonly FoundRelay[] {
  let found: readonly FoundRelay[] = []
  let stop: (() => void) | null = null
  let keepWaiting = (): void => {}
  return () => {
    stop ??= find({ onChange: (relays) => (found = relays) })
    keepWaiting()
    keepWaiting = after(LOOKS_ON_FOR_MS, () => {
      stop?.()
      stop = null
      found = []
    })
    return found
  }
}
