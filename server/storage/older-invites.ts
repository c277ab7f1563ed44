// Invites that older relays stored, as they are now. Knows no driver.
import type { Invite } from './port.ts'

/** Files of formats 1 and 2 and tables of version 1 have invites without these: nobody could name one, and none led into a room. */
export type WrittenInvite = Omit<Invite, 'id' | 'uses' | 'roomIds'> & Partial<Invite>

/** An invite as it was written. The id of an older one is made of its hash; how many uses it had at first nobody knows. */
export function inviteOf(written: WrittenInvite): Invite {
  return {
    ...written,
    id: written.id ?? idOf(written.codeHash),
    uses: written.uses ?? written.usesLeft,
    roomIds: written.roomIds ?? []
  }
}

/** A UUIDv8 of 32 hexadecimal digits. */
function idOf(hash: string): string {
  const digits = (from: number, to: number) => hash.slice(from, to)
  return `${digits(0, 8)}-${digits(8, 12)}-8${digits(13, 16)}-8${digits(17, 20)}-${digits(20, 32)}`
}
