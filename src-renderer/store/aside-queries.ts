// The asides of a room, live [S11.5]: who is in each, and what was said in it. Reads only.
import { combineLatest, distinctUntilChanged, map } from 'rxjs'
import type { Observable } from 'rxjs'
import { byRoom, spokenIn } from './outbox-rules.ts'
import { standingSettings } from './outbox-standing.ts'
import { membersOf, messagesFrom, reactionsFrom } from './queries.ts'
import { watchGroups } from './rows.ts'
import type { MembershipRow, RecordCollections } from './schemas.ts'
import type { OutboxEntry } from './sync-store.ts'
import { isSend } from './timeline.ts'
import type { AsideParts } from './timeline.ts'

export interface AsideSources {
  userId: string
  records: Pick<RecordCollections, 'messages' | 'reactions' | 'members'>
  memberships: Observable<ReadonlyMap<string, MembershipRow>>
  entries: Observable<readonly OutboxEntry[]>
}

/** By id; those too that only the outbox knows. Asides are short: all of each is read. */
export function watchAsides(sources: AsideSources, roomId: string): Observable<ReadonlyMap<string, AsideParts>> {
  const { userId, records, memberships, entries } = sources
  const ids = memberships.pipe(
    map((rows) => idsOf([...rows.values()].filter(({ parentId }) => parentId === roomId))),
    distinctUntilChanged(sameSet)
  )
  return combineLatest({
    ids,
    messages: watchGroups(records.messages, ids, (id) => messagesFrom(id, 1), inRoom),
    reactions: watchGroups(records.reactions, ids, (id) => reactionsFrom(id, 1), inRoom),
    members: watchGroups(records.members, ids, membersOf, inRoom),
    memberships,
    entries
  }).pipe(
    map(({ ids, messages, reactions, members, memberships, entries }) => {
      const pending = new Map(
        entries
          .filter(isSend)
          .filter(({ operation }) => operation.roomId === roomId && operation.to)
          .map(({ operation }) => [spokenIn(operation, userId), [userId, ...(operation.to ?? [])].toSorted()])
      )
      if (ids.size === 0 && pending.size === 0) return NONE
      const entriesOf = byRoom(entries)
      const [rowsOf, reactionsOf, membersIn] = [byGroup(messages), byGroup(reactions), byGroup(members)]
      return new Map(
        [...new Set([...ids, ...pending.keys()])].map((id): [string, AsideParts] => {
          const userIds = (membersIn.get(id) ?? []).map((member) => member.userId).toSorted()
          return [
            id,
            {
              userIds: userIds.length > 0 ? userIds : (pending.get(id) ?? []),
              settings: standingSettings(memberships.get(id), entriesOf.get(id) ?? [], userId),
              rows: rowsOf.get(id) ?? [],
              reactions: reactionsOf.get(id) ?? []
            }
          ]
        })
      )
    }),
    distinctUntilChanged()
  )
}

/** Everybody in each aside, by its id. */
export function watchAsideMembers({
  records,
  memberships
}: Pick<AsideSources, 'records' | 'memberships'>): Observable<ReadonlyMap<string, readonly string[]>> {
  const ids = memberships.pipe(
    map((rows) => idsOf([...rows.values()].filter(({ parentId }) => parentId !== undefined))),
    distinctUntilChanged(sameSet)
  )
  return watchGroups(records.members, ids, membersOf, inRoom).pipe(
    map((rows) => {
      const members = [...byGroup(rows)]
      return new Map(members.map(([id, group]) => [id, group.map(({ userId }) => userId).toSorted()]))
    })
  )
}

const NONE: ReadonlyMap<string, AsideParts> = new Map()

function inRoom({ roomId }: { roomId: string }): string {
  return roomId
}

function idsOf(memberships: readonly MembershipRow[]): ReadonlySet<string> {
  return new Set(memberships.map(({ roomId }) => roomId))
}

function byGroup<Row extends { roomId: string }>(rows: ReadonlyMap<string, Row>): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows.values()) {
    const group = groups.get(row.roomId)
    if (group) group.push(row)
    else groups.set(row.roomId, [row])
  }
  return groups
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id))
}
