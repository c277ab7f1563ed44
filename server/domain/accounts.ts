// Accounts: signing up, signing in, passwords. Who may sign up is decided by registration.ts.
import { ProtocolError } from '../../protocol/errors.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { CreateAccount, CreateSession, SessionAnswer } from '../../protocol/rest.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import type { Guard } from '../auth/guard.ts'
import { timeText } from '../clock.ts'
import type { Account, Draft, Reader } from '../storage/port.ts'
import type { RelayContext } from './context.ts'
import { takeUse } from './invites.ts'
import { joinByInvite, streamsOfInvite } from './joining.ts'
import type { RegistrationDesk } from './registration.ts'
import { endSessions, putNewDevice, signedIn, UNNAMED_DEVICE } from './sessions.ts'
import type { Connections, Session } from './sessions.ts'

export interface Accounts {
  /**
   * Makes an account and signs it in; the first one owns the relay, one with an invite is joined into its rooms.
   * @throws ProtocolError `registration-closed`, `invite-required`, `wrong-invite`, `username-taken`, `rate-limited`
   */
  signUp(account: CreateAccount, address: string): Promise<SessionAnswer>
  /**
   * A token for a new device, or for one that this user has signed in with before [S2.7].
   * @throws ProtocolError `wrong-credentials`, after the same work whether or not there is such a name; `account-disabled` after the right
   *   password; `rate-limited`
   */
  signIn(session: CreateSession, address: string): Promise<SessionAnswer>
  /** Signs all other devices out. @throws ProtocolError `wrong-password`, `rate-limited` */
  changePassword(
    session: Session,
    passwords: { currentPassword: string; newPassword: string },
    address: string
  ): Promise<void>
  /** That it is the user who asks. @throws ProtocolError `wrong-password`, `rate-limited` */
  confirm(session: Session, password: string, address: string): Promise<Account>
}

export function createAccounts(
  context: RelayContext,
  { desk, guard, connections }: { desk: RegistrationDesk; guard: Guard; connections: Connections }
): Accounts {
  const { storage, line, passwords, secrets, now } = context

  const confirm: Accounts['confirm'] = async ({ user, deviceId }, password, address) => {
    const account = await storage.accountOf(user.id)
    return guard.attempt({ address, name: user.username, deviceId }, async () => {
      const fits = await passwords.verify(password, account?.passwordHash)
      if (!fits || !account) throw wrongPassword()
      return account
    })
  }

  return {
    confirm,

    async signUp({ username, password, displayName, color, deviceName, invite: code }, address) {
      // Asked twice: here so that only who may sign up costs a hash, and in the commit because the world goes on meanwhile.
      const { invite: found } = await guard.attempt({ address }, () => desk.admit(storage, code))
      await requireFree(storage, username)
      const passwordHash = await passwords.hash(password)
      const token = secrets.newToken()
      const userId = newId()
      const made = await line.submit({
        streams: [USERS_STREAM, ...streamsOfInvite(found?.roomIds ?? [], userId)],
        work: async (draft) => {
          const { asOwner, invite } = await desk.admit(draft, code)
          await requireFree(draft, username)
          const at = timeText(now())
          const user = await draft.put<UserRecord>(USERS_STREAM, {
            type: 'user',
            id: userId,
            username,
            displayName,
            ...(color === undefined ? {} : { color }),
            role: asOwner ? 'owner' : 'member',
            createdAt: at
          })
          draft.putAccount({ userId, username, passwordHash })
          if (invite) {
            takeUse(draft, invite)
            await joinByInvite({ draft, actorId: userId, now: at }, invite.roomIds, invite.createdBy)
          }
          const { device } = await putNewDevice(context, draft, userId, { token, name: deviceName ?? UNNAMED_DEVICE })
          return { user, deviceId: device.id, token }
        }
      })
      guard.known(username, address)
      return made
    },

    async signIn({ username, password, deviceId, deviceName }, address) {
      const account = await storage.account(username)
      const device = deviceId === undefined ? undefined : await storage.device(deviceId)
      const isOwnDevice = device !== undefined && device.userId === account?.userId
      const guess = { address, name: username, ...(isOwnDevice ? { deviceId } : {}) }
      const { session, forgotten } = await guard.attempt(guess, async () => {
        const fits = await passwords.verify(password, account?.passwordHash)
        if (!fits || !account) throw wrongCredentials()
        const isCurrent = passwords.isCurrent(account.passwordHash)
        const passwordHash = isCurrent ? account.passwordHash : await passwords.hash(password)
        const token = secrets.newToken()
        return line.submit({
          streams: [],
          work: async (draft) => {
            const user = await requireUnchanged(draft, account)
            if (!isCurrent) draft.putAccount({ ...account, passwordHash })
            const known = deviceId === undefined ? undefined : await draft.device(deviceId)
            if (known?.userId !== user.id) {
              const made = await putNewDevice(context, draft, user.id, { token, name: deviceName ?? UNNAMED_DEVICE })
              return { session: { user, deviceId: made.device.id, token }, forgotten: made.forgotten }
            }
            draft.putDevice(signedIn(context, known, { token, name: deviceName ?? known.name }))
            return { session: { user, deviceId: known.id, token }, forgotten: [] }
          }
        })
      })
      guard.known(username, address)
      connections.end(forgotten, 'session-ended')
      return session
    },

    async changePassword(session, { currentPassword, newPassword }, address) {
      const account = await confirm(session, currentPassword, address)
      const passwordHash = await passwords.hash(newPassword)
      const ended = await line.submit({
        streams: [],
        work: async (draft) => {
          const current = await draft.accountOf(account.userId)
          if (current?.passwordHash !== account.passwordHash) throw wrongPassword()
          const { reset: _, ...kept } = current
          draft.putAccount({ ...kept, passwordHash })
          return endSessions(draft, account.userId, session.deviceId)
        }
      })
      connections.end(ended, 'session-ended')
    }
  }
}

/**
 * While a password is checked and hashed, the world goes on: it may have been changed, the account disabled or deleted.
 * @throws ProtocolError `wrong-credentials`, `account-disabled`
 */
async function requireUnchanged(draft: Draft, account: Account): Promise<UserRecord> {
  const current = await draft.accountOf(account.userId)
  const user = await draft.user(account.userId)
  if (!user || current?.passwordHash !== account.passwordHash) throw wrongCredentials()
  if (current.disabledAt !== undefined) throw new ProtocolError('account-disabled', 'this account may not be used now')
  return user
}

async function requireFree(reader: Reader, username: string): Promise<void> {
  if (await reader.account(username)) {
    throw new ProtocolError('username-taken', 'somebody has this name already', { field: 'username' })
  }
}

function wrongCredentials(): ProtocolError {
  return new ProtocolError('wrong-credentials', 'the name or the password is wrong')
}

function wrongPassword(): ProtocolError {
  return new ProtocolError('wrong-password', 'the password is wrong')
}
