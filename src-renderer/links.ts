// Where a link leads by which another program opened the desktop app. Anybody may have written it. Loaded when there is one.
import { hashOfMessage, hashOfRoom } from './platform/hash-route.ts'
import { hashOfInvite, readInviteLink } from './platform/invite-link.ts'
import type { LinkProblem } from './platform/link-problem.ts'
import { readRoomLink } from './platform/room-link.ts'

/** The hash of the page that the link means, or why there is none. */
export type LinkEnd = { hash: string } | { problem: LinkProblem }

/** @param ownRelay of whoever is signed in here; null for nobody */
export function endOfLink(link: string, ownRelay: string | null): LinkEnd {
  const invite = readInviteLink(link)
  if (invite) return { hash: hashOfInvite(invite) }
  const place = readRoomLink(link)
  if (!place) return { problem: { name: 'notUnderstood' } }
  const { relayUrl, roomId, seq } = place
  if (ownRelay === null) return { problem: { name: 'signedOut', relay: relayUrl } }
  if (new URL(ownRelay).origin !== relayUrl) return { problem: { name: 'elsewhere', relay: relayUrl } }
  return { hash: seq === null ? hashOfRoom(roomId) : hashOfMessage(roomId, seq) }
}
