// New ids. Apart from the other values, which need schemas: the first page waits for none.
import { v7 } from 'uuid'

/** A new UUIDv7 from `crypto.getRandomValues`: also where there is no secure context. */
export function newId(): string {
  return v7()
}
