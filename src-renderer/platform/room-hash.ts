// The room that an address names. Must import nothing: it is read before anything else is loaded.

/** `#/room/<room>`, or with a message of it by its seq: `#/room/<room>/message/<seq>`. */
export const ROOM_HASH = /^#\/room\/([^/?#]+)(?:\/message\/(\d{1,15}))?$/

/** The room that the hash names, or null for the list. */
export function roomOfHash(hash: string): string | null {
  const match = ROOM_HASH.exec(hash)
  if (!match?.[1]) return null
  try {
    return decodeURIComponent(match[1])
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
