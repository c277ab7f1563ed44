// Where the epochs of a stream began [S10.1].
import type { Begin } from './documents.ts'

/** Kept lazily: a stream that did not change in an epoch has no entry for it. */
export function recordBegin(begins: Begin[], epoch: number, head: number): void {
  if ((begins.at(-1)?.epoch ?? 0) < epoch) begins.push({ epoch, head })
}
