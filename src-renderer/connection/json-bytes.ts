// How large a value is on the wire.

const encoder = new TextEncoder()

/** Of its JSON, in UTF-8. */
export function bytesOf(value: object): number {
  return encoder.encode(JSON.stringify(value)).length
}
