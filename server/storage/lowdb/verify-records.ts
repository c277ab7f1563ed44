// Hands what the documents of a data directory hold to the verification, one room and one segment at a time, and checks what only this
// driver has: the index of segments, and where epochs began. All documents are of one commit (verify.ts sees to that).
import { join } from 'node:path'
import type { Counts, Report } from '../verified-facts.ts'
import { Verification } from '../verification.ts'
import type { RoomVerification } from '../verify-room.ts'
import { DamagedFileError, documentAt } from './atomic-json-file.ts'
import { dataFiles } from './data-files.ts'
import type { DataFile } from './data-files.ts'
import { firstSeqOf, segmentOf } from './documents.ts'
import type {
  AvatarDocument,
  Begin,
  InvitesDocument,
  ReadsDocument,
  RelayDocument,
  RoomDocument,
  SegmentDocument,
  SegmentEntry,
  UserDocument
} from './documents.ts'
import type { Files } from './files.ts'
import { inviteOf } from '../older-invites.ts'
import { DerivedVerification } from './verify-derived.ts'

interface Parts {
  files: Files
  dataDir: string
  report: Report
  /** Files in which something was found already. */
  named: ReadonlySet<string>
  progress: (so: { files: number; ofFiles: number }) => void
}

/** @throws DamagedFileError if a document of users or rooms cannot be read. */
export async function verifyRecords(parts: Parts): Promise<Counts> {
  const { files, dataDir, report } = parts
  const list: DataFile[] = []
  for await (const file of dataFiles(files, dataDir)) list.push(file)
  const relay = await read<RelayDocument>(parts, 'relay.json')
  if (!relay) throw new DamagedFileError(join(dataDir, 'relay.json'), 'is missing')
  const verification = new Verification(report)
  let usersHead = 0
  for (const { kind, path, id = '' } of list) {
    const user = kind === 'user' ? await read<UserDocument>(parts, path) : undefined
    if (!user) continue
    usersHead = Math.max(usersHead, user.user?.rev ?? 0)
    verification.user(path, { ...user, blocks: user.blocks ?? [], id })
    checkBegins(report, path, relay, user)
  }
  checkBegins(report, 'relay.json', relay, { head: usersHead, begins: relay.usersBegins })
  const invites = (await read<InvitesDocument>(parts, 'invites.json'))?.invites ?? []
  verification.invites('invites.json', invites.map(inviteOf))

  const rooms = new Map<string, DataFile[]>()
  for (const file of list) {
    if (file.id === undefined || file.kind === 'user' || file.kind === 'avatar') continue
    rooms.set(file.id, [...(rooms.get(file.id) ?? []), file])
  }
  let done = 0
  for (const [id, its] of rooms) {
    await verifyRoom(parts, { id, files: its, relay, verification })
    parts.progress({ files: (done += its.length), ofFiles: list.length })
  }
  for (const { kind, path, id = '' } of list)
    if (kind === 'avatar') verification.avatar(path, id, await readAvatar(parts, path))
  verification.end()
  return verification.counts
}

/** Undefined if it is damaged, which was said of the file. */
async function readAvatar(parts: Parts, path: string): Promise<{ hash: string; png: Buffer } | undefined> {
  try {
    const document = await read<AvatarDocument>(parts, path)
    return document && { hash: document.hash, png: Buffer.from(document.png, 'base64') }
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    return undefined
  }
}

interface RoomParts {
  id: string
  files: readonly DataFile[]
  relay: RelayDocument
  verification: Verification
}

async function verifyRoom(parts: Parts, { id, files: its, relay, verification }: RoomParts): Promise<void> {
  const { report } = parts
  const [where, readsWhere] = [`rooms/${id}/room.json`, `rooms/${id}/reads.json`]
  const none = { covers: 0, room: null, head: 0, headSeq: 0, begins: [], segments: [], members: [] }
  const room = (await read<RoomDocument>(parts, where)) ?? none
  const reads = (await read<ReadsDocument>(parts, readsWhere)) ?? { covers: 0, head: 0, begins: [], reads: [] }
  checkBegins(report, where, relay, room)
  checkBegins(report, readsWhere, relay, reads)
  const facts = { ...room, id, readsHead: reads.head, reads: reads.reads }
  const inRoom = verification.room(where, facts, readsWhere)
  const derived = new DerivedVerification({ ...parts, roomId: id, room, fingerprintKey: relay.fingerprintKey })
  let isWhole = true
  for (let number = 1; number <= segmentOf(room.headSeq); number++) {
    const segment = await verifySegment(parts, { id, room, number, inRoom })
    await derived.segment(number, segment, room.segments[number - 1])
    isWhole = isWhole && segment !== undefined
  }
  await derived.end()
  for (const { kind, path, number = 0 } of its) {
    if ((kind !== 'segment' && kind !== 'fingerprints') || number <= segmentOf(room.headSeq)) continue
    report({ where: path, what: 'is beyond the last message of the room' })
  }
  if (isWhole) inRoom.end()
}

interface SegmentParts {
  id: string
  room: RoomDocument
  number: number
  inRoom: RoomVerification
}

/** @returns the segment, undefined if it cannot be read. */
async function verifySegment(
  parts: Parts,
  { id, room, number, inRoom }: SegmentParts
): Promise<SegmentDocument | undefined> {
  const { report, named } = parts
  const where = `rooms/${id}/${String(number).padStart(6, '0')}.json`
  let segment: SegmentDocument | undefined
  try {
    segment = await read<SegmentDocument>(parts, where)
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
  }
  if (!segment) {
    const last = Math.min(room.headSeq, firstSeqOf(number + 1) - 1)
    if (!named.has(where)) report({ where, what: `is missing, with the messages ${firstSeqOf(number)} to ${last}` })
    inRoom.lack(last)
    return undefined
  }
  const { messages, reactions = [], edits = [] } = segment
  inRoom.messages(where, messages, reactions)
  inRoom.edits(where, messages, edits)
  const revs = [...messages, ...reactions].map(({ rev }) => rev)
  checkEntry(report, `rooms/${id}/room.json`, room.segments[number - 1], {
    number,
    firstSeq: firstSeqOf(number),
    count: messages.length,
    minRev: revs.reduce((low, rev) => Math.min(low, rev), Infinity),
    maxRev: revs.reduce((high, rev) => Math.max(high, rev), 0)
  })
  return segment
}

/** What the index says of a segment; its lowest rev may be one that a reaction had once. */
function checkEntry(report: Report, where: string, entry: SegmentEntry | undefined, actual: SegmentEntry): void {
  const what = `index of segment ${actual.number}`
  if (!entry) return report({ where, what: `${what} is missing` })
  for (const name of ['number', 'firstSeq', 'count', 'maxRev'] as const) {
    if (entry[name] === actual[name]) continue
    report({ where, what: `${what}: ${name}`, expected: `${actual[name]}`, found: `${entry[name]}` })
  }
  if (entry.minRev > actual.minRev) {
    report({ where, what: `${what}: minRev`, expected: `at most ${actual.minRev}`, found: `${entry.minRev}` })
  }
}

/** [S10.1] Epochs that there were, ascending, at heads that do not fall. */
function checkBegins(
  report: Report,
  where: string,
  relay: RelayDocument,
  { begins, head }: { begins: readonly Begin[]; head: number }
): void {
  let before: Begin = { epoch: 0, head: 0 }
  for (const begin of begins) {
    const { epoch } = begin
    if (epoch <= before.epoch || begin.head < before.head || begin.head > head) {
      const expected = `an epoch above ${before.epoch} at a head from ${before.head} to ${head}`
      report({ where, what: '[S10.1] where an epoch began', expected, found: `epoch ${epoch} at ${begin.head}` })
    }
    if (!relay.epochs.includes(epoch)) {
      report({ where, what: '[S10.1] where an epoch began', expected: 'an epoch of relay.json', found: `${epoch}` })
    }
    before = begin
  }
}

async function read<T>({ files, dataDir }: Parts, path: string): Promise<T | undefined> {
  const low = documentAt<T | null>(files, join(dataDir, path), null)
  await low.read()
  return low.data ?? undefined
}
