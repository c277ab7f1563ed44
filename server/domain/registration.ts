// Who may make an account: the registration mode, invites, and the owner code of the first account [SPEC §5].
import { ProtocolError } from '../../protocol/errors.ts'
import { DEFAULT_INVITE_HOURS, DEFAULT_INVITE_USES } from '../../protocol/limits.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import { timeText } from '../clock.ts'
import type { Registration } from '../config.ts'
import type { Invite, Reader } from '../storage/port.ts'
import type { RelayContext } from './context.ts'
import type { Session } from './sessions.ts'

export interface NewInvite {
  /** Said once; the relay keeps its hash. */
  code: string
  uses: number
  expiresAt: string
}

type InviteOptions = { uses?: number | undefined; expiresInHours?: number | undefined }

export interface Admission {
  asOwner: boolean
  /** The invite to take one use from. */
  invite?: Invite
}

export interface RegistrationDesk {
  readonly mode: Registration
  /** What the first account must say in mode `invite`, while there is none; it lives in memory only. */
  readonly ownerCode: string | undefined
  hasOwner(): Promise<boolean>
  /** @throws ProtocolError `registration-closed`, `invite-required` or `wrong-invite` */
  admit(reader: Reader, code: string | undefined): Promise<Admission>
  /** @throws ProtocolError `not-permitted` unless the user owns the relay */
  invite(session: Session, options: InviteOptions): Promise<NewInvite>
  /** An invite from whoever runs the relay. */
  inviteFromRelay(): Promise<NewInvite>
}

/** The owner code is made here, if there is no account yet and the mode asks for one. */
export async function openRegistration(context: RelayContext, mode: Registration): Promise<RegistrationDesk> {
  const { storage, line, secrets, now } = context
  const hasOwner = async (reader: Reader): Promise<boolean> => (await reader.head(USERS_STREAM)) > 0
  const ownerCode = mode === 'invite' && !(await hasOwner(storage)) ? secrets.newCode() : undefined

  async function makeInvite(
    createdBy: string | null,
    { uses = DEFAULT_INVITE_USES, expiresInHours = DEFAULT_INVITE_HOURS }: InviteOptions
  ): Promise<NewInvite> {
    const code = secrets.newCode()
    const at = now()
    const expiresAt = timeText(at + expiresInHours * 60 * 60 * 1000)
    await line.submit({
      streams: [],
      work: async (draft) =>
        draft.putInvite({
          codeHash: secrets.hashCode(code),
          createdBy,
          usesLeft: uses,
          createdAt: timeText(at),
          expiresAt
        })
    })
    return { code, uses, expiresAt }
  }

  return {
    mode,
    ownerCode,
    hasOwner: () => hasOwner(storage),

    async admit(reader, code) {
      if (mode === 'closed') throw new ProtocolError('registration-closed', 'this relay takes no new accounts')
      const asOwner = !(await hasOwner(reader))
      if (mode === 'open') return { asOwner }
      if (!code?.trim()) throw new ProtocolError('invite-required', 'an invite code is needed', { field: 'invite' })
      const codeHash = secrets.hashCode(code)
      if (asOwner) {
        if (ownerCode === undefined || secrets.hashCode(ownerCode) !== codeHash) throw wrongInvite()
        return { asOwner }
      }
      const invite = await reader.invite(codeHash)
      if (!invite || invite.usesLeft < 1 || Date.parse(invite.expiresAt) <= now()) throw wrongInvite()
      return { asOwner, invite }
    },

    async invite({ user }, options) {
      if (user.role !== 'owner') throw new ProtocolError('not-permitted', 'only the owner of the relay may invite')
      return makeInvite(user.id, options)
    },
    inviteFromRelay: () => makeInvite(null, {})
  }
}

function wrongInvite(): ProtocolError {
  return new ProtocolError('wrong-invite', 'this code is wrong, used up or out of date', { field: 'invite' })
}
