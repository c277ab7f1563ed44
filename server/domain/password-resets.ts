// Setting a password anew with a code that an owner of the relay gives out, good once and not for long [SPEC §5]. The relay keeps its hash.
import { ProtocolError } from '../../protocol/errors.ts'
import { RESET_LIFETIME_MS } from '../../protocol/limits.ts'
import type { Guard } from '../auth/guard.ts'
import { timeText } from '../clock.ts'
import type { Account, Reader } from '../storage/port.ts'
import type { Actor, Audit } from './audit.ts'
import type { RelayContext } from './context.ts'
import { mayGiveCodes } from './owners.ts'
import { endSessions } from './sessions.ts'
import type { Connections } from './sessions.ts'

export interface NewReset {
  username: string
  /** Said once; six words. */
  code: string
  expiresAt: string
}

export interface PasswordResets {
  /** In place of any earlier one. @throws ProtocolError `user-not-found` */
  make(actor: Actor, userId: string): Promise<NewReset>
  /** Signs all devices of the user out. @throws ProtocolError `wrong-reset`, whatever is wrong with it; `rate-limited` */
  use(reset: { username: string; code: string; newPassword: string }, address: string): Promise<void>
}

export function createPasswordResets(
  { storage, passwords, secrets, now }: RelayContext,
  { audit, guard, connections }: { audit: Audit; guard: Guard; connections: Connections }
): PasswordResets {
  const requireFitting = async (reader: Reader, username: string, codeHash: string): Promise<Account> => {
    const account = await reader.account(username)
    const reset = account?.reset
    const fits = reset?.codeHash === codeHash && Date.parse(reset.expiresAt) > now()
    if (!account || !fits || !(await mayGiveCodes(reader, reset.madeBy ?? null))) {
      throw new ProtocolError('wrong-reset', 'this code is wrong, was used or is out of date', { field: 'code' })
    }
    return account
  }

  return {
    async make(actor, userId) {
      const code = secrets.newWords()
      return audit.perform(actor, {
        work: async (draft, note) => {
          const account = await draft.accountOf(userId)
          if (!account) throw new ProtocolError('user-not-found', 'there is no such user', { field: 'userId' })
          const expiresAt = timeText(now() + RESET_LIFETIME_MS)
          const madeBy = actor.userId === null ? {} : { madeBy: actor.userId }
          draft.putAccount({ ...account, reset: { codeHash: secrets.hashCode(code), expiresAt, ...madeBy } })
          note({ act: 'password-reset.made', userId })
          return { username: account.username, code, expiresAt }
        }
      })
    },

    async use({ username, code, newPassword }, address) {
      const codeHash = secrets.hashCode(code)
      // Only a right code costs a hash; a wrong one is answered the same for every name.
      await guard.attempt({ address, name: username }, async () => requireFitting(storage, username, codeHash))
      const passwordHash = await passwords.hash(newPassword)
      const found = await requireFitting(storage, username, codeHash)
      const ended = await audit.record(
        { userId: found.userId },
        {
          work: async (draft, note) => {
            const { reset: _, ...account } = await requireFitting(draft, username, codeHash)
            draft.putAccount({ ...account, passwordHash })
            note({ act: 'password-reset.used', userId: account.userId })
            return endSessions(draft, account.userId)
          }
        }
      )
      connections.end(ended, 'session-ended')
    }
  }
}
