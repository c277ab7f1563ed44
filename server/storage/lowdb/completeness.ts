// Whether documents are missing: each says nothing of the others, so what is known of them elsewhere is compared. Reads names only.
import { roomOfReads, roomOfStream, userOfStream, USERS_STREAM } from '../../../protocol/streams.ts'
import { DamagedFileError } from './atomic-json-file.ts'
import type { Layout, RelayDocument } from './documents.ts'
import type { Files } from './files.ts'
import type { Entry } from './entry.ts'
import type { State } from './state.ts'

/** @throws DamagedFileError if the entry goes on from a head that the document which has to come before it does not have */
export function checkContinues(state: State, layout: Layout, { changes }: Entry, number: number): void {
  for (const { stream, from } of changes) {
    const [roomId, userId, readsOf] = [roomOfStream(stream), userOfStream(stream), roomOfReads(stream)]
    const [path, document] =
      roomId !== undefined
        ? [layout.room(roomId), state.rooms.get(roomId)]
        : readsOf !== undefined
          ? [layout.reads(readsOf), state.reads.get(readsOf)]
          : userId !== undefined
            ? [layout.user(userId), state.users.get(userId)]
            : [layout.users, undefined]
    if (document && number <= document.covers) continue
    const head = stream === USERS_STREAM ? state.usersHead : (document?.head ?? 0)
    if (stream === USERS_STREAM ? head >= from : head === from) continue
    throw new DamagedFileError(path, `is missing or old: it knows ${head} revs, and entry ${number} follows ${from}`)
  }
}

/**
 * To be called when the journal has been taken.
 * @throws DamagedFileError if there are fewer users, rooms or reads than relay.json says, if the invites are missing or old, or if there is a room
 * that has messages, and nothing else
 */
export async function checkComplete(
  files: Files,
  layout: Layout,
  state: State,
  { users = 0, rooms = 0, reads = 0, invites = 0 }: Readonly<RelayDocument>
): Promise<void> {
  for (const [roomId, room] of state.rooms) {
    if (room.head > 0) continue
    const [name] = (await files.readdir(layout.roomDirectory(roomId))).filter((each) => /^\d+\.json$/.test(each))
    if (name !== undefined) throw new DamagedFileError(layout.room(roomId), `is missing, but there is ${name}`)
    // A directory that somebody made, or that a crash left before anything was in it.
    state.rooms.delete(roomId)
  }
  if (state.users.size < users) {
    const known = [...state.rooms.values()].flatMap(({ members }) => [...members.keys()])
    const missing = known.find((userId) => !state.users.has(userId))
    throw tooFew(missing === undefined ? layout.users : layout.user(missing), 'users', state.users.size, users)
  }
  if (state.rooms.size < rooms) {
    const known = [...state.users.values()].flatMap(({ memberships }) => [...memberships.keys()])
    const missing = known.find((roomId) => !state.rooms.has(roomId))
    throw tooFew(missing === undefined ? layout.rooms : layout.room(missing), 'rooms', state.rooms.size, rooms)
  }
  if (state.readsCount < reads) {
    const marked = [...state.users.values()].flatMap(({ memberships }) => [...memberships.values()])
    const missing = marked.find(({ roomId, readSeq = 0 }) => readSeq > 0 && !state.reads.get(roomId)?.head)
    throw tooFew(missing ? layout.reads(missing.roomId) : layout.rooms, 'reads.json', state.readsCount, reads)
  }
  const { covers } = state.invites
  if (covers < invites)
    throw new DamagedFileError(
      layout.invites,
      `is missing or old: it holds entries up to ${covers} instead of ${invites}`
    )
}

function tooFew(path: string, what: string, found: number, expected: number): DamagedFileError {
  return new DamagedFileError(path, `is missing: of ${expected} ${what} there are ${found}`)
}
