// Who may make an account: the registration mode, invites, and the owner code of the first account [SPEC §5].
import { ProtocolError } from '../../protocol/errors.ts'
import type { Registration } from '../config.ts'
import type { Invite, Reader } from '../storage/port.ts'
import type { RelayContext } from './context.ts'
import { wrongInvite } from './invites.ts'
import type { Invites } from './invites.ts'
import type { Owners } from './owners.ts'

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
}

/** The owner code is made here, if there is no account yet and the mode asks for one. */
export async function openRegistration(
  { storage, secrets }: Pick<RelayContext, 'storage' | 'secrets'>,
  mode: Registration,
  { owners, invites }: { owners: Owners; invites: Invites }
): Promise<RegistrationDesk> {
  const ownerCode = mode === 'invite' && !(await owners.exist(storage)) ? secrets.newCode() : undefined

  return {
    mode,
    ownerCode,
    hasOwner: () => owners.exist(storage),

    async admit(reader, code) {
      if (mode === 'closed') throw new ProtocolError('registration-closed', 'this relay takes no new accounts')
      const asOwner = !(await owners.exist(reader))
      const hasCode = code !== undefined && code.trim() !== ''
      if (mode === 'open')
        return hasCode && !asOwner ? { asOwner, invite: await invites.find(reader, code) } : { asOwner }
      if (!hasCode) throw new ProtocolError('invite-required', 'an invite code is needed', { field: 'invite' })
      if (!asOwner) return { asOwner, invite: await invites.find(reader, code) }
      if (ownerCode === undefined || secrets.hashCode(ownerCode) !== secrets.hashCode(code)) throw wrongInvite()
      return { asOwner }
    }
  }
}
