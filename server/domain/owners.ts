// Who owns the relay, and that somebody always does while there are people on it [S11.9].
import { ProtocolError } from '../../protocol/errors.ts'
import { MAX_PULL_BYTES, MAX_PULL_RECORDS } from '../../protocol/limits.ts'
import type { UserRecord } from '../../protocol/records.ts'
import { USERS_STREAM } from '../../protocol/streams.ts'
import type { Draft, Reader, Storage } from '../storage/port.ts'

/** Users by the rev of their records, from `since` on. */
export async function usersPage(
  storage: Storage,
  since: number,
  limit = MAX_PULL_RECORDS
): Promise<{ users: UserRecord[]; through: number; more: boolean }> {
  const { records, through, more } = await storage.changes(USERS_STREAM, since, { limit, maxBytes: MAX_PULL_BYTES })
  return { users: records.filter((record) => record.type === 'user'), through, more }
}

/** All users that `fits` says yes to, by rev. Reads all of them: for what is rare. */
export async function findUsers(storage: Storage, fits: (user: UserRecord) => boolean): Promise<UserRecord[]> {
  const found: UserRecord[] = []
  for (let since = 0, more = true; more;) {
    const page = await usersPage(storage, since)
    found.push(...page.users.filter(fits))
    ;({ through: since, more } = page)
  }
  return found
}

/** Whether whoever gave out a code may still do so: an owner with an account that is not disabled, or who runs the relay (null). */
export async function mayGiveCodes(reader: Reader, userId: string | null): Promise<boolean> {
  if (userId === null) return true
  const [user, account] = [await reader.user(userId), await reader.accountOf(userId)]
  return user?.role === 'owner' && account !== undefined && account.disabledAt === undefined
}

export interface Owners {
  /** Whether the relay has an owner, which it has from the first account on until nobody has one. */
  exist(reader: Reader): Promise<boolean>
}

export function createOwners(storage: Storage): Owners {
  /** Who owned the relay when it was last asked: asked first, so that this does not depend on how many there are. */
  let known: string | undefined

  return {
    async exist(reader) {
      if ((await reader.head(USERS_STREAM)) === 0) return false
      if (known !== undefined && isOwner(await reader.user(known))) return true
      const committed = await storage.head(USERS_STREAM)
      for (const { id } of await findUsers(storage, isOwner)) {
        if (!isOwner(await reader.user(id))) continue
        known = id
        return true
      }
      // Nobody: unless the first one signs up in this very commit.
      return (await reader.head(USERS_STREAM)) > committed
    }
  }
}

/** Whether this user owns the relay. */
export function isOwner(user: UserRecord | undefined): boolean {
  return user?.role === 'owner' && user.deletedAt === undefined
}

/**
 * @param others who was on the relay before this commit; who became an owner in it is not seen
 * @throws ProtocolError `last-owner` unless one of them but `userId` owns the relay and can sign in
 */
export async function requireAnotherOwner(draft: Draft, others: readonly UserRecord[], userId: string): Promise<void> {
  for (const { id, role } of others) {
    if (id === userId || role !== 'owner' || !isOwner(await draft.user(id))) continue
    const account = await draft.accountOf(id)
    if (account && account.disabledAt === undefined) return
  }
  throw new ProtocolError('last-owner', 'nobody else owns this relay: make somebody else its owner first')
}
