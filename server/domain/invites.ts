// Invites: codes of six words that open the door to who has no account, and lead into rooms [SPEC §5, S11.10]. The relay keeps their hashes.
import { ProtocolError } from '../../protocol/errors.ts'
import { DEFAULT_INVITE_HOURS, DEFAULT_INVITE_USES, MAX_INVITES } from '../../protocol/limits.ts'
import type { RoomRecord } from '../../protocol/records.ts'
import type { InviteEntry, NewInviteAnswer } from '../../protocol/rest.ts'
import { newId } from '../../protocol/values.ts'
import type { Guard } from '../auth/guard.ts'
import { timeText } from '../clock.ts'
import type { Draft, Invite, Reader } from '../storage/port.ts'
import { roomNotFound } from './access.ts'
import type { Actor, Audit } from './audit.ts'
import type { RelayContext } from './context.ts'
import { joinByInvite, leadsInto, streamsOfInvite } from './joining.ts'
import { mayGiveCodes } from './owners.ts'
import { requireAccount } from './sessions.ts'

export interface InviteOptions {
  uses?: number | undefined
  expiresInHours?: number | undefined
  roomIds?: readonly string[] | undefined
}

export interface Invites {
  /** @throws ProtocolError `too-many-invites`; `not-permitted` or `room-not-found`, whose field names the room into which it would not lead */
  make(actor: Actor, options?: InviteOptions): Promise<NewInviteAnswer>
  /** Those that can still be used, the oldest first. */
  list(): Promise<InviteEntry[]>
  /** @throws ProtocolError `invite-not-found` */
  revoke(actor: Actor, inviteId: string): Promise<void>
  /** The invite of a code that can be used now. @throws ProtocolError `wrong-invite` */
  find(reader: Reader, code: string): Promise<Invite>
  /** For who has an account: into the rooms of the invite. @throws ProtocolError `wrong-invite`, `rate-limited` */
  accept(userId: string, code: string, address: string): Promise<RoomRecord[]>
}

export function createInvites(
  { storage, line, secrets, now }: RelayContext,
  { audit, guard }: { audit: Audit; guard: Guard }
): Invites {
  const isUsable = ({ usesLeft, expiresAt }: Invite): boolean => usesLeft > 0 && Date.parse(expiresAt) > now()

  const find = async (reader: Reader, code: string): Promise<Invite> => {
    const invite = await reader.invite(secrets.hashCode(code))
    if (!invite || !isUsable(invite) || !(await mayGiveCodes(reader, invite.createdBy))) throw wrongInvite()
    return invite
  }

  /** Makes room for one more: what cannot be used any more goes, and of those that the relay made at its starts the oldest. */
  async function clearAway(draft: Draft, actor: Actor): Promise<void> {
    const all = await draft.invites()
    for (const old of all) if (!isUsable(old)) draft.removeInvite(old.codeHash)
    const usable = all.filter(isUsable)
    if (usable.length < MAX_INVITES) return
    const oldest = actor.userId === null ? usable.find(({ createdBy }) => createdBy === null) : undefined
    if (!oldest) {
      throw new ProtocolError('too-many-invites', 'there are too many invites: revoke some', { limit: MAX_INVITES })
    }
    draft.removeInvite(oldest.codeHash)
  }

  return {
    find,

    async make(actor, { uses = DEFAULT_INVITE_USES, expiresInHours = DEFAULT_INVITE_HOURS, roomIds = [] } = {}) {
      const code = secrets.newWords()
      const invite = await audit.perform(actor, {
        work: async (draft, note) => {
          await requireLeading(draft, roomIds, actor)
          await clearAway(draft, actor)
          const at = now()
          const made: Invite = {
            id: newId(),
            codeHash: secrets.hashCode(code),
            createdBy: actor.userId,
            uses,
            usesLeft: uses,
            roomIds: [...new Set(roomIds)],
            createdAt: timeText(at),
            expiresAt: timeText(at + expiresInHours * 60 * 60 * 1000)
          }
          draft.putInvite(made)
          note({ act: 'invite.made', inviteId: made.id })
          return made
        }
      })
      return { code, uses, expiresAt: invite.expiresAt, invite: entryOf(invite) }
    },

    async list() {
      return (await storage.invites()).filter(isUsable).map(entryOf)
    },

    revoke: (actor, inviteId) =>
      audit.perform(actor, {
        work: async (draft, note) => {
          const invite = (await draft.invites()).find(({ id }) => id === inviteId)
          if (!invite) throw new ProtocolError('invite-not-found', 'there is no such invite', { field: 'id' })
          draft.removeInvite(invite.codeHash)
          note({ act: 'invite.revoked', inviteId })
        }
      }),

    async accept(userId, code, address) {
      const { roomIds } = await guard.attempt({ address }, () => find(storage, code))
      return line.submit({
        streams: streamsOfInvite(roomIds, userId),
        work: async (draft) => {
          await requireAccount(draft, userId)
          const invite = await find(draft, code)
          const context = { draft, actorId: userId, now: timeText(now()) }
          const { rooms, changed } = await joinByInvite(context, invite.roomIds, invite.createdBy)
          if (changed) takeUse(draft, invite)
          return rooms
        }
      })
    }
  }
}

/** Stages one use. */
export function takeUse(draft: Draft, invite: Invite): void {
  draft.putInvite({ ...invite, usesLeft: invite.usesLeft - 1 })
}

/** Each of the rooms is one into which the maker may take somebody now. */
async function requireLeading(draft: Draft, roomIds: readonly string[], { userId }: Actor): Promise<void> {
  for (const [index, roomId] of roomIds.entries()) {
    const field = `roomIds[${index}]`
    const room = await draft.room(roomId)
    const isKnown = userId === null ? room?.kind === 'open' : (await draft.member(roomId, userId)) !== undefined
    if (!room || !isKnown) throw new ProtocolError('room-not-found', roomNotFound().message, { field })
    if (await leadsInto(draft, room, userId)) continue
    throw new ProtocolError('not-permitted', 'you may take nobody into this room', { field })
  }
}

function entryOf(invite: Invite): InviteEntry {
  const { id, createdBy, createdAt, expiresAt, uses, usesLeft, roomIds } = invite
  return { id, createdBy, createdAt, expiresAt, uses, usesLeft, roomIds: [...roomIds] }
}

export function wrongInvite(): ProtocolError {
  return new ProtocolError('wrong-invite', 'this code is wrong, used up or out of date', { field: 'invite' })
}
