// Accounts: signing up and signing in. Who may sign up is decided by registration.ts.
import { ProtocolError } from '../../protocol/errors.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { CreateAccount, CreateSession, SessionAnswer } from '../../protocol/rest.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import { newId } from '../../protocol/values.ts'
import { timeText } from '../clock.ts'
import type { Reader } from '../storage/port.ts'
import type { RelayContext } from './context.ts'
import type { RegistrationDesk } from './registration.ts'
import { newDevice, signedIn, UNNAMED_DEVICE } from './sessions.ts'

export interface Accounts {
  /**
   * Makes an account and signs it in; the first one owns the relay.
   * @throws ProtocolError `registration-closed`, `invite-required`, `wrong-invite`, `username-taken`, `rate-limited`
   */
  signUp(account: CreateAccount): Promise<SessionAnswer>
  /**
   * A token for a new device, or for one that this user has signed in with before [S2.7].
   * @throws ProtocolError `wrong-credentials`, after the same work whether or not there is such a name; `rate-limited`
   */
  signIn(session: CreateSession): Promise<SessionAnswer>
}

export function createAccounts(context: RelayContext, desk: RegistrationDesk): Accounts {
  const { storage, line, passwords, secrets, now } = context

  return {
    async signUp({ username, password, displayName, color, deviceName, invite }) {
      // Asked twice: here so that only who may sign up costs a hash, and in the commit because the world goes on meanwhile.
      await desk.admit(storage, invite)
      await requireFree(storage, username)
      const passwordHash = await passwords.hash(password)
      const token = secrets.newToken()
      return line.submit({
        streams: [USERS_STREAM],
        work: async (draft) => {
          const admission = await desk.admit(draft, invite)
          await requireFree(draft, username)
          const user = await draft.put<UserRecord>(USERS_STREAM, {
            type: 'user',
            id: newId(),
            username,
            displayName,
            ...(color === undefined ? {} : { color }),
            role: admission.asOwner ? 'owner' : 'member',
            createdAt: timeText(now())
          })
          draft.putAccount({ userId: user.id, username, passwordHash })
          if (admission.invite) draft.putInvite({ ...admission.invite, usesLeft: admission.invite.usesLeft - 1 })
          const device = newDevice(context, user.id, { token, name: deviceName ?? UNNAMED_DEVICE })
          draft.putDevice(device)
          return { user, deviceId: device.id, token }
        }
      })
    },

    async signIn({ username, password, deviceId, deviceName }) {
      const account = await storage.account(username)
      const fits = await passwords.verify(password, account?.passwordHash)
      const user = account && (await storage.user(account.userId))
      if (!fits || !user) throw new ProtocolError('wrong-credentials', 'the name or the password is wrong')
      const token = secrets.newToken()
      return line.submit({
        streams: [],
        work: async (draft) => {
          const known = deviceId === undefined ? undefined : await draft.device(deviceId)
          const device =
            known?.userId === user.id
              ? signedIn(context, known, { token, name: deviceName ?? known.name })
              : newDevice(context, user.id, { token, name: deviceName ?? UNNAMED_DEVICE })
          draft.putDevice(device)
          return { user, deviceId: device.id, token }
        }
      })
    }
  }
}

async function requireFree(reader: Reader, username: string): Promise<void> {
  if (await reader.account(username)) {
    throw new ProtocolError('username-taken', 'somebody has this name already', { field: 'username' })
  }
}
