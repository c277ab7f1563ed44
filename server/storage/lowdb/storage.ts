// Opens a data directory: lock, documents, journal, a new epoch [S10.1]. Says by name what it cannot read, and changes nothing then.
import { randomInt } from 'node:crypto'
import { join, resolve } from 'node:path'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { Avatars } from './avatars.ts'
import { checkComplete, checkContinues } from './completeness.ts'
import { hostBackups } from './backup-host.ts'
import { DiskUsage } from './disk-usage.ts'
import { FORMAT, isId, Layout, RUN_SEGMENTS } from './documents.ts'
import type {
  InvitesDocument,
  LateDocument,
  ReadsDocument,
  RoomDocument,
  SegmentEntry,
  UserDocument
} from './documents.ts'
import { entryFromJson } from './entry.ts'
import { LEFTOVER_NAME, makeDirectory, nodeFiles } from './files.ts'
import type { Files } from './files.ts'
import { Journal } from './journal.ts'
import { LateState } from './late-changes.ts'
import { mapLimited, Turns } from './limited.ts'
import { lockDirectory } from './lock.ts'
import type { Attend, Unlock } from './lock.ts'
import { epochAfter } from '../epochs.ts'
import { silentLog } from '../../log.ts'
import type { Log } from '../../log.ts'
import { MessageIndex } from './message-index.ts'
import { RelayFile } from './relay-file.ts'
import type { Below } from './relay-file.ts'
import { replayJournal } from './replay.ts'
import type { JournalTail } from './replay.ts'
import { revsOf, Segments } from './segments.ts'
import { InvitesState, ReadsState, RoomState, State } from './state.ts'
import { UserState } from './user-state.ts'
import { DamagedRoomError } from '../port.ts'
import { LowdbStorage } from './lowdb-storage.ts'
import type { StorageParts } from './lowdb-storage.ts'
import { holdReadable, takeEntry } from './take.ts'
import { Trouble } from './trouble.ts'
import { WriteBack } from './write-back.ts'
import type { Timer, WriteBackLimits } from './write-back.ts'

export interface LowdbOptions {
  dataDir: string
  /** Milliseconds since 1970. */
  now?: () => number
  log?: Log
  files?: Files
  timer?: Timer
  limits?: Partial<LowdbLimits>
  /** As `Math.random`, where runs are to repeat; the numbers of the system where not. */
  random?: () => number
  /** Keeps a second relay out of the directory; another way than sockets where the files are not on a disk. */
  lock?: (directory: string, attend: Attend) => Promise<Unlock>
}

export interface LowdbLimits extends WriteBackLimits {
  /** Segments in memory beside those that wait to be written, in bytes of their files; as objects they take half as much again. */
  segmentBytes: number
  /** Tables of fingerprints in memory, in bytes. */
  fingerprintBytes: number
}

const LIMITS: LowdbLimits = {
  journalBytes: 4_000_000,
  segments: 64,
  heldBytes: 64_000_000,
  quietMs: 3_000,
  segmentBytes: 32_000_000,
  fingerprintBytes: 64_000_000
}

const READERS = 16

/**
 * Opens the relay's data in `dataDir`, which is made if need be.
 * @throws DirectoryInUseError if another relay has it, DamagedFileError naming the file that is not what the relay wrote.
 */
export async function openLowdbStorage(options: LowdbOptions): Promise<LowdbStorage> {
  const { files = nodeFiles, lock = lockDirectory } = options
  const layout = new Layout(resolve(options.dataDir))
  await makeDirectory(files, layout.dataDir)
  let attend: Attend = (connection) => connection.end()
  const unlock = await lock(layout.dataDir, (connection) => attend(connection))
  try {
    const parts = await load({ ...options, files, layout })
    attend = hostBackups(parts.journal, parts.turns, parts.log)
    return new LowdbStorage({ ...parts, unlock })
  } catch (error) {
    await unlock()
    throw error
  }
}

async function load(options: LowdbOptions & { files: Files; layout: Layout }) {
  const { files, layout, now = Date.now, log = silentLog, timer = startTimer } = options
  const limits = { ...LIMITS, ...options.limits }
  for (const path of [layout.users, layout.rooms, layout.avatars, layout.journal]) await makeDirectory(files, path)
  const below = options.random ? belowBy(options.random) : (limit: number) => randomInt(limit)
  const relay = await RelayFile.open(files, layout, below)
  const state = new State(relay.data.usersBegins)
  const lost = await readIndex(files, layout, state, log)

  const turns = new Turns()
  const segments = new Segments(files, layout, limits.segmentBytes)
  for (const each of lost) await makeLate(segments, each, log)
  const index = new MessageIndex({ files, layout, segments, log }, relay.data.fingerprintKey, limits.fingerprintBytes)
  const name = (journal: number) => relay.write((data) => void (data.journal = journal))
  const journal = new Journal({ files, layout, relayId: relay.data.relayId, name })
  const avatars = new Avatars(files, layout, log)
  const behind = { files, layout, journal, state, segments, index, avatars, relay, turns, log, timer, limits }
  const writeBack = new WriteBack(behind)
  const makeRoom = async () => {
    if (writeBack.crowded) await writeBack.run()
  }
  const trouble = new Trouble({ files, dataDir: layout.dataDir, makeRoom, timer, log })
  const usage = new DiskUsage(files, layout.dataDir, now)
  const parts = { relay, state, segments, index, avatars, journal, writeBack, turns, trouble, usage, log }

  const last = await replay(files, layout, parts)
  await files.syncDirectory(layout.rooms)
  const epoch = epochAfter(relay.data.epochs.at(-1) ?? 0, now(), below)
  // From here on the data is of this relay's format.
  await relay.write((data) => Object.assign(data, { format: FORMAT, epochs: [...data.epochs, epoch] }))
  await journal.goOnAfter(last)
  if (last.entry > relay.data.writtenThrough) writeBack.due()
  return parts
}

type Parts = Omit<StorageParts, 'unlock'>

/** Brings memory to the last committed entry. @returns where the journal ended. */
async function replay(files: Files, layout: Layout, parts: Parts): Promise<JournalTail> {
  const { relay, state, segments, writeBack, log } = parts
  const { writtenThrough, relayId, journal } = relay.data
  const from = { entry: writtenThrough, relayId, journal }
  const rooms = new Set<string>()
  const unreadable = new Set<string>()
  const last = await replayJournal(files, layout, from, log, async ({ number, json }) => {
    const entry = entryFromJson(json)
    checkContinues(state, layout, entry, number)
    const held = await holdReadable(segments, entry, { state, unreadable, log })
    takeEntry(parts, entry, number, held, unreadable)
    writeBack.applied = number
    for (const segment of held.values()) {
      segments.release(segment)
      rooms.add(segment.roomId)
    }
    if (writeBack.crowded) await writeBack.writeDocuments()
  })
  state.index()
  writeBack.applied = last.entry
  writeBack.isJournalNeeded = unreadable.size > 0
  await checkComplete(files, layout, state, relay.data)
  for (const roomId of rooms) await removeLeftovers(files, layout.roomDirectory(roomId))
  if (last.entry > from.entry)
    log.info('took from the journal what the documents did not have yet', { entries: last.entry - from.entry })
  return last
}

function belowBy(random: () => number): Below {
  return (limit) => Math.floor(random() * limit)
}

/** A document of late changes that is missing or damaged. */
interface LostLate {
  room: RoomState
  number: number
}

/** [S16] Users, rooms and the index of each room's segments, but no segment. @returns what has to be made again */
async function readIndex(files: Files, layout: Layout, state: State, log: Log): Promise<LostLate[]> {
  const lost: LostLate[] = []
  await removeLeftovers(files, layout.dataDir)
  await removeLeftovers(files, layout.users)
  await removeLeftovers(files, layout.avatars)
  await removeLeftovers(files, layout.journal)
  const userFiles = (await files.readdir(layout.users)).filter((name) => name.endsWith('.json'))
  const userIds = userFiles.map((name) => name.slice(0, -'.json'.length)).filter(isId)
  const users = await mapLimited(userIds, READERS, async (userId) => {
    return new UserState(userId, await read<UserDocument>(files, layout.user(userId)))
  })
  const roomIds = (await files.readdir(layout.rooms)).filter(isId)
  const rooms = await mapLimited(roomIds, READERS, async (roomId) => {
    const document = await read<RoomDocument>(files, layout.room(roomId))
    const room = new RoomState(roomId, document)
    for (const number of document?.late ?? []) {
      const late = await readDerived<LateDocument>(files, layout.late(roomId, number), log)
      if (late) room.late.set(number, new LateState(roomId, number, late))
      else lost.push({ room, number })
    }
    return room
  })
  const reads = await mapLimited(roomIds, READERS, async (roomId) => {
    return new ReadsState(roomId, await read<ReadsDocument>(files, layout.reads(roomId)))
  })
  const invites = new InvitesState(await read<InvitesDocument>(files, layout.invites))
  state.restore({ users, rooms, reads, invites })
  return lost
}

/** A document that can be made again from others: undefined if it is missing or damaged. */
async function readDerived<T>(files: Files, path: string, log: Log): Promise<T | undefined> {
  try {
    const document = await read<T>(files, path)
    if (document) return document
    log.warn('a document is missing; it is made again from others', { path })
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    log.warn('a document is damaged; it is made again from others', { path })
  }
  return undefined
}

/** The late changes of a run, from its segments. Of one that cannot be read, `changes` has to ask each time. */
async function makeLate(segments: Segments, { room, number }: LostLate, log: Log): Promise<void> {
  const late = new LateState(room.id, number)
  for (const entry of room.segments.slice((number - 1) * RUN_SEGMENTS, number * RUN_SEGMENTS)) {
    if (entry.appended === undefined) continue
    try {
      late.set(entry.number, revsOf(await segments.open(room.id, entry)), entry.appended)
    } catch (error) {
      if (!(error instanceof DamagedRoomError)) throw error
      log.error(error.message, { roomId: error.roomId })
      room.index(withoutAppended(entry))
    }
  }
  room.late.set(number, late)
}

function withoutAppended({ number, firstSeq, count, minRev, maxRev }: SegmentEntry): SegmentEntry {
  return { number, firstSeq, count, minRev, maxRev }
}

async function read<T>(files: Files, path: string): Promise<T | undefined> {
  const low = documentAt<T | null>(files, path, null)
  await low.read()
  return low.data ?? undefined
}

/** What a write left behind that never came to its end. */
async function removeLeftovers(files: Files, directory: string): Promise<void> {
  for (const name of await files.readdir(directory))
    if (LEFTOVER_NAME.test(name)) await files.unlink(join(directory, name))
}

function startTimer(ms: number, run: () => void): () => void {
  const timeout = setTimeout(run, ms)
  timeout.unref()
  return () => clearTimeout(timeout)
}
