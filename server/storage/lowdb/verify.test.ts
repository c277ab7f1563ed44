// Each kind of file spoiled in each way: the verification names the file and what is wrong, and changes nothing.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../../protocol/operations.ts'
import { newId } from '../../../protocol/values.ts'
import { TestRelay } from '../../testing/relay-kit.ts'
import type { Person } from '../../testing/test-device.ts'
import type { Finding } from '../verified-facts.ts'
import type {
  LateDocument,
  ReadsDocument,
  RelayDocument,
  RoomDocument,
  SegmentDocument,
  UserDocument
} from './documents.ts'
import { copyOf, cutOff, flipBit, hashOf, remove, rewrite } from './testing/damage.ts'
import { verify } from './verify.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'
const copies: string[] = []
let relay: TestRelay
/** Of a relay that was stopped; of one that was killed before it wrote its documents. */
let stopped: string
let killed: string
let kim: Person
let lee: Person
let roomId: string

beforeAll(async () => {
  relay = await TestRelay.start()
  ;[kim, lee] = await relay.signUpAll(['kim', 'lee'])
  const device = await relay.connect(kim)
  roomId = await device.createRoom(lee)
  const first = newId()
  await device.send(roomId, 'first', first)
  killed = await copied(relay.dataDir)
  const send = (): Operation => ({
    type: 'message.send',
    roomId,
    messageId: newId(),
    body: 'x',
    sentAt: SENT_AT,
    replyTo: first
  })
  for (let batch = 0; batch < 6; batch++) {
    const answers = await device.apply(...Array.from({ length: 100 }, send))
    device.settled = answers.at(-1)?.n ?? 0
  }
  await device.accepted({ type: 'message.edit', roomId, messageId: first, body: 'edited' })
  await device.accepted({ type: 'reaction.set', roomId, messageId: first, emoji: '👍', set: true })
  await device.accepted({ type: 'read.mark', roomId, seq: 100 })
  await relay.relay.stop()
  stopped = await copied(relay.dataDir)
}, 60_000)

afterAll(async () => {
  await relay.stop()
  for (const copy of copies) await rm(dirname(copy), { recursive: true, force: true })
})

async function copied(directory: string): Promise<string> {
  const copy = await copyOf(directory)
  copies.push(copy)
  return copy
}

async function findingsIn(directory: string): Promise<{ findings: Finding[]; notes: string[]; counts: unknown }> {
  const findings: Finding[] = []
  const notes: string[] = []
  const { counts } = await verify({
    directory,
    report: (finding) => void findings.push(finding),
    note: (line) => void notes.push(line)
  })
  return { findings, notes, counts }
}

const ids = { room: () => roomId, kim: () => kim.user.id, lee: () => lee.user.id }
const inRoom = (name: string) => () => `rooms/${ids.room()}/${name}`
const ofKim = () => `users/${ids.kim()}.json`

describe('a verification', () => {
  it('finds nothing wrong with what a relay left that was stopped, and counts it', async () => {
    const { findings, notes, counts } = await findingsIn(stopped)
    expect(findings).toEqual([])
    expect(notes).toEqual([])
    expect(counts).toEqual({ users: 2, devices: 2, rooms: 1, messages: 602, reactions: 1 })
  })

  it('takes from the journal what the documents of a killed relay lack', async () => {
    const { findings, counts } = await findingsIn(killed)
    expect(findings).toEqual([])
    expect(counts).toEqual({ users: 2, devices: 2, rooms: 1, messages: 2, reactions: 0 })
  })

  it('changes nothing', async () => {
    for (const directory of [stopped, killed]) {
      const before = await hashOf(directory)
      await findingsIn(directory)
      expect(await hashOf(directory)).toBe(before)
    }
  })

  it('names what is not the relay’s, and takes it for no damage', async () => {
    const copy = await copied(stopped)
    await writeFile(join(copy, '.DS_Store'), '')
    await writeFile(join(copy, 'users', `${ids.kim()}.json.next`), 'half')
    await writeFile(join(copy, 'rooms', ids.room(), 'notes.txt'), '')
    const { findings, notes } = await findingsIn(copy)
    expect(findings).toEqual([])
    expect(notes).toEqual([
      ".DS_Store is not the relay's; it is left alone",
      `users/${ids.kim()}.json.next is left of a write that never came to its end; a start removes it`,
      `rooms/${ids.room()}/notes.txt is not the relay's; it is left alone`
    ])
  })
})

describe('a verification names', () => {
  const files: [string, () => string][] = [
    ['relay.json', () => 'relay.json'],
    ['a user', ofKim],
    ['a room', inRoom('room.json')],
    ['reads', inRoom('reads.json')],
    ['a full segment', inRoom('000001.json')],
    ['the last segment', inRoom('000002.json')],
    ['fingerprints', inRoom('000001.ids.json')],
    ['late changes', inRoom('late-000001.json')]
  ]

  it.each(files)('%s in which one bit is another', async (_name, path) => {
    const copy = await copied(stopped)
    await flipBit(join(copy, path()))
    const { findings } = await findingsIn(copy)
    expect(findings).toEqual([{ where: path(), what: expect.stringMatching(/checksum|begin as/) }])
  })

  it.each(files)('%s that was cut off', async (_name, path) => {
    const copy = await copied(stopped)
    await cutOff(join(copy, path()), 7)
    const { findings } = await findingsIn(copy)
    expect(findings).toEqual([
      { where: path(), what: expect.stringMatching(/bytes, which is not what the relay wrote/) }
    ])
  })

  it.each(files)('%s of another shape', async (_name, path) => {
    const copy = await copied(stopped)
    await rewrite(join(copy, path()), (document: Record<string, unknown>) => {
      for (const name of ['covers', 'epochs', 'fingerprints']) if (name in document) document[name] = ['many']
    })
    const { findings } = await findingsIn(copy)
    expect(findings[0]).toEqual({
      where: path(),
      what: expect.stringMatching(/shape that the relay writes: .*expected/)
    })
  })

  it.each<[string, () => string, RegExp]>([
    ['relay.json', () => 'relay.json', /relay\.json is missing/],
    ['a user', ofKim, /rooms\/.*\/room\.json member .* is no user of this relay/],
    ['a room', inRoom('room.json'), /rooms\/.*\/room\.json there is no room record/],
    ['a full segment', inRoom('000001.json'), /rooms\/.*\/000001\.json is missing, with the messages 1 to 500/],
    ['the last segment', inRoom('000002.json'), /rooms\/.*\/000002\.json is missing, with the messages 501 to 602/]
  ])('%s that is missing', async (_name, path, expected) => {
    const copy = await copied(stopped)
    await remove(join(copy, path()))
    const { findings } = await findingsIn(copy)
    expect(findings.map(({ where, what }) => `${where} ${what}`).join('\n')).toMatch(expected)
  })

  it('the format of a newer relay', async () => {
    const copy = await copied(stopped)
    await rewrite(join(copy, 'relay.json'), (relay: RelayDocument) => void (relay.format = 99))
    expect((await findingsIn(copy)).findings).toEqual([
      { where: 'relay.json', what: 'format', expected: expect.any(String), found: '99, of a newer relay' }
    ])
  })

  type Spoil = [string, () => string, (document: never) => void, RegExp]
  const spoils: Spoil[] = [
    [
      'epochs that do not ascend',
      () => 'relay.json',
      (relay: RelayDocument) => void relay.epochs.unshift(2 ** 52),
      /S10.1/
    ],
    [
      'documents that know more than the journal',
      ofKim,
      (user: UserDocument & { covers: number }) => void (user.covers += 1_000),
      /holds journal entries up to/
    ],
    [
      'a head below its revs',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.head -= 1),
      /\[S3\] (rev of|head)/
    ],
    [
      'a head above its revs',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.head += 1),
      /\[S3\] head of the stream room/
    ],
    [
      'a headSeq above its messages',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.headSeq += 1),
      /\[S4\] headSeq/
    ],
    [
      'a headSeq below its messages',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.headSeq -= 1),
      /\[S4\] headSeq/
    ],
    [
      'an index with another count',
      inRoom('room.json'),
      (room: RoomDocument) => void ((room.segments[1] as { count: number }).count -= 1),
      /index of segment 2: count/
    ],
    [
      'an index with another highest rev',
      inRoom('room.json'),
      (room: RoomDocument) => void ((room.segments[0] as { maxRev: number }).maxRev -= 1),
      /index of segment 1: maxRev/
    ],
    [
      'an index whose lowest rev hides changes',
      inRoom('room.json'),
      (room: RoomDocument) => void ((room.segments[0] as { minRev: number }).minRev += 50),
      /index of segment 1: minRev/
    ],
    [
      'an epoch that never was',
      inRoom('room.json'),
      (room: RoomDocument) => void room.begins.push({ epoch: 5, head: 1 }),
      /S10.1/
    ],
    [
      'a member without a membership',
      ofKim,
      (user: UserDocument) => void user.memberships.splice(0, 1),
      /member .* is joined, but that user has no membership/
    ],
    [
      'a membership that says something else',
      ofKim,
      (user: UserDocument) => void ((user.memberships[0] as { state: string }).state = 'left'),
      /state of the membership/
    ],
    [
      'a membership without a member',
      inRoom('room.json'),
      (room: RoomDocument) => void room.members.pop(),
      /there is a membership in room/
    ],
    [
      'a member who is nobody',
      inRoom('room.json'),
      (room: RoomDocument) => void ((room.members[0] as { userId: string }).userId = newId()),
      /is no user of this relay/
    ],
    [
      'answers with a gap',
      ofKim,
      (user: UserDocument) => void ((user.devices[0] as { answered: number }).answered += 1),
      /\[S2\] answers of device/
    ],
    [
      'a device that settled more than was answered',
      ofKim,
      (user: UserDocument) => void Object.assign(user.devices[0] ?? {}, { settled: 10_000, answers: [] }),
      /\[S2\] answers of device/
    ],
    [
      'an account of another name',
      ofKim,
      (user: UserDocument) => void ((user.account as { username: string }).username = 'lee'),
      /username/
    ],
    [
      'somebody who read what is not there',
      inRoom('reads.json'),
      (reads: ReadsDocument) => void ((reads.reads[0] as { seq: number }).seq = 9_999),
      /\[S12\] read by/
    ],
    [
      'a head of reads',
      inRoom('reads.json'),
      (reads: ReadsDocument) => void (reads.head += 3),
      /\[S3\] head of the stream reads/
    ],
    [
      'a gap in seq',
      inRoom('000001.json'),
      (segment: SegmentDocument) => void segment.messages.splice(7, 1),
      /\[S4\] seq of message/
    ],
    [
      'a rev that is there twice',
      inRoom('000001.json'),
      (segment: SegmentDocument) => void ((segment.messages[7] as { rev: number }).rev = segment.messages[8]?.rev ?? 0),
      /\[S3\] rev .* is another record's too/
    ],
    [
      'a message id that is there twice',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void ((segment.messages[7] as { id: string }).id = segment.messages[8]?.id ?? ''),
      /message ids that are there twice/
    ],
    [
      'a reply to nothing',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void ((segment.messages[7] as { replyTo: string }).replyTo = newId()),
      /message with seq 508 is a reply to one that is not in the room/
    ],
    [
      'a message of nobody',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void ((segment.messages[7] as { authorId: string }).authorId = newId()),
      /who made message/
    ],
    [
      'a tombstone that still speaks',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void ((segment.messages[7] as { deletedAt: string }).deletedAt = SENT_AT),
      /a tombstone, is not empty/
    ],
    [
      'a reaction to another message',
      inRoom('000001.json'),
      (segment: { reactions: { seq: number }[] }) => void (segment.reactions[0]!.seq += 1),
      /seq of the reaction/
    ],
    [
      'a segment of another room',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void (segment.roomId = newId()),
      /room/
    ],
    [
      'late changes that are not those of the segments',
      inRoom('late-000001.json'),
      (late: LateDocument) => void late.segments[0]!.revs.shift(),
      /revs of late changes of segment 1/
    ],
    [
      'late changes that nobody knows of',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.late = []),
      /late changes of the segments 1/
    ],
    [
      'fingerprints of other ids',
      inRoom('000001.ids.json'),
      (document: { fingerprints: string }) => void (document.fingerprints = Buffer.alloc(2_000).toString('base64')),
      /fingerprint of the message with seq 1 is another/
    ]
  ]
  it.each(spoils)('%s', async (_name, path, change, expected) => {
    const copy = await copied(stopped)
    await rewrite(join(copy, path()), change)
    const { findings } = await findingsIn(copy)
    expect(findings.map(({ what }) => what).join('\n')).toMatch(expected)
    expect(findings.some(({ where }) => where === path() || /room\.json|users/.test(where))).toBe(true)
  })

  it('segments that no index knows', async () => {
    const copy = await copied(stopped)
    const path = join(copy, inRoom('000001.json')())
    await writeFile(path.replace('000001', '000007'), await readFile(path))
    const { findings } = await findingsIn(copy)
    expect(findings).toContainEqual({ where: inRoom('000007.json')(), what: 'is beyond the last message of the room' })
  })

  describe('in the journal', () => {
    /** The journal's file that holds entries, with its lines. */
    async function journalOf(copy: string): Promise<{ path: string; lines: string[] }> {
      for (const name of (await readdir(join(copy, 'journal'))).toSorted()) {
        const path = join(copy, 'journal', name)
        const lines = (await readFile(path, 'utf8')).split('\n')
        if (lines.length > 3) return { path, lines }
      }
      throw new Error('no file of the journal has entries')
    }
    const where = expect.stringMatching(/^journal\/0\d+\.jsonl$/)

    it('a line that is not what was written', async () => {
      const copy = await copied(killed)
      const { path, lines } = await journalOf(copy)
      lines[2] = lines[2]?.replace(/"epoch"/, '"epoph"') ?? ''
      await writeFile(path, lines.join('\n'))
      const { findings } = await findingsIn(copy)
      expect(findings).toEqual([{ where, what: expect.stringMatching(/^line 3 is damaged/) }])
    })

    it('a line that is gone', async () => {
      const copy = await copied(killed)
      const { path, lines } = await journalOf(copy)
      await writeFile(path, lines.toSpliced(2, 1).join('\n'))
      const { findings } = await findingsIn(copy)
      expect(findings).toEqual([{ where, what: 'line 3 has entry 3 instead of 2' }])
    })

    it('a file that is gone', async () => {
      const copy = await copied(killed)
      await remove((await journalOf(copy)).path)
      expect((await findingsIn(copy)).findings).not.toEqual([])
    })

    it('a last line that was torn, which a start drops: nobody was told of it', async () => {
      const copy = await copied(killed)
      await cutOff((await journalOf(copy)).path, 30)
      const { findings, notes } = await findingsIn(copy)
      expect(findings).toEqual([])
      expect(notes.join('\n')).toMatch(/was not written to its end/)
    })
  })
})
