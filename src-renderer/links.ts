// Where a link leads by which another program opened the desktop app. Anybody may have written it. Loaded when there is one.
import { hashOfMessage, hashOfRoom } from './platform/hash-route.ts'
import { hashOfInvite, readInviteLink } from './platform/invite-link.ts'
import type { LinkProblem } from './platform/link-problem.ts'
import { readRoomLink } from './platform/room-link.ts'

/** The relay (an origin) and the hash of the page that the link means, or why there is none. */
export type LinkEnd = { relayUrl: string; hash: string } | { problem: LinkProblem }

/** @param ownRelays those at which one is signed in here */
export function endOfLink(link: string, ownRelays: readonly string[]): LinkEnd {
  const invite = readInviteLink(link)
  if (invite) return { relayUrl: invite.relayUrl, hash: hashOfInvite(invite) }
  const place = readRoomLink(link)
  if (!place) return { problem: { name: 'notUnderstood' } }
  const { relayUrl, roomId, seq } = place
  if (ownRelays.length === 0) return { problem: { name: 'signedOut', relay: relayUrl } }
  if (!ownRelays.some((own) => new URL(own).origin === relayUrl))
    return { problem: { name: 'elsewhere', relay: relayUrl } }
  return { relayUrl, hash: seq === null ? hashOfRoom(roomId) : hashOfMessage(roomId, seq) }
}
