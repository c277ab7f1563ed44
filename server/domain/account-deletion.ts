// Deleting one's own account [S11.9]: one commit, so that there is never half of it.
import { ProtocolError } from '../../protocol/errors.ts'
import type { UserRecord } from '../../protocol/records.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import type { StreamId } from '../../protocol/streams.ts'
import { timeText } from '../clock.ts'
import type { Account, Draft } from '../storage/port.ts'
import type { Accounts } from './accounts.ts'
import type { RelayContext } from './context.ts'
import { leaveAllRooms, streamsOfLeavingAll } from './leaving.ts'
import { findUsers, requireAnotherOwner } from './owners.ts'
import type { Connections, Session } from './sessions.ts'

/** How often it begins anew because somebody took the user into a room meanwhile. */
const ATTEMPTS = 20

export interface AccountDeletion {
  /** @throws ProtocolError `wrong-password`, `last-owner`, `rate-limited` */
  delete(session: Session, password: string, address: string): Promise<void>
}

export function createAccountDeletion(
  { storage, line, now }: RelayContext,
  { accounts, connections }: { accounts: Accounts; connections: Connections }
): AccountDeletion {
  /** Stages all of it; nothing, and false, if the user has come into a room that is not among `streams`. */
  async function stage(draft: Draft, account: Account, streams: ReadonlySet<StreamId>): Promise<string[] | false> {
    const { userId } = account
    const user = await draft.user(userId)
    const current = await draft.accountOf(userId)
    if (!user || current?.passwordHash !== account.passwordHash) {
      throw new ProtocolError('wrong-password', 'the password is wrong')
    }
    const needed = await streamsOfLeavingAll(draft, userId)
    if (!needed.every((stream) => streams.has(stream))) return false

    const deletedAt = timeText(now())
    await leaveAllRooms({ draft, actorId: userId, now: deletedAt })
    const { id, createdAt } = user
    await draft.put<UserRecord>(USERS_STREAM, {
      type: 'user',
      id,
      username: '',
      displayName: '',
      role: 'member',
      createdAt,
      deletedAt
    })
    const devices = (await draft.devicesOf(userId)).map((device) => device.id)
    for (const deviceId of devices) draft.removeDevice(deviceId)
    draft.putAvatar(userId, null)
    draft.removeAccount(userId)
    return devices
  }

  return {
    async delete(session, password, address) {
      const account = await accounts.confirm(session, password, address)
      const { userId } = account
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const usersHead = await storage.head(USERS_STREAM)
        const others = await findUsers(storage, ({ id, deletedAt }) => id !== userId && deletedAt === undefined)
        const streams = new Set<StreamId>([USERS_STREAM, ...(await streamsOfLeavingAll(storage, userId))])
        const devices = await line.submit({
          streams,
          work: async (draft) => {
            const isOwner = (await draft.user(userId))?.role === 'owner'
            // Somebody may have come meanwhile, or own the relay no more.
            if (isOwner && (await draft.head(USERS_STREAM)) !== usersHead) return false
            if (isOwner && others.length > 0) await requireAnotherOwner(draft, others, userId)
            return stage(draft, account, streams)
          }
        })
        if (devices === false) continue
        connections.end(devices, 'account-deleted')
        return
      }
      throw new ProtocolError('rate-limited', 'others keep taking this user into rooms: try again')
    }
  }
}
