// Each number in the files made another one, with checksums that match: the verification names it.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roomStream } from '../../../protocol/streams.ts'
import { newId } from '../../../protocol/values.ts'
import { TestRelay } from '../../testing/relay-kit.ts'
import type {
  AvatarDocument,
  InvitesDocument,
  LateDocument,
  ReadsDocument,
  RelayDocument,
  RoomDocument,
  RunDocument,
  SegmentDocument,
  UserDocument
} from './documents.ts'
import { rewrite } from './testing/damage.ts'
import { findingsIn, RelayLeft } from './testing/relay-left.ts'

const SENT_AT = '2026-01-01T00:00:00.000Z'

let left: RelayLeft
beforeAll(async () => {
  left = await RelayLeft.make()
}, 60_000)
afterAll(() => left.dispose())

const inRoom = (name: string) => () => left.inRoom(name)
const ofKim = () => left.ofKim
const pictureOfKim = () => left.pictureOfKim

describe('a verification names', () => {
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
      'somebody of whom more is told than was read',
      inRoom('reads.json'),
      (reads: ReadsDocument) => void ((reads.reads[0] as { seq: number }).seq += 1),
      /\[S12\.1\] read by/
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
      'a member who joined after the last message',
      inRoom('room.json'),
      (room: RoomDocument) => void (room.members[0]!.joinedSeq = 9_999),
      /joinedSeq of member/
    ],
    [
      'a member who is there twice',
      inRoom('room.json'),
      (room: RoomDocument) => void room.members.push({ ...room.members[0]! }),
      /member .* is there twice/
    ],
    [
      'a user who has read what is not there',
      ofKim,
      (user: UserDocument) => void (user.memberships[0]!.readSeq = 9_999),
      /read up to in room/
    ],
    ['a user without a record', ofKim, (user: UserDocument) => void (user.user = null), /there is no user record/],
    ['a user without an account', ofKim, (user: UserDocument) => void (user.account = null), /there is no account/],
    [
      'a device of somebody else',
      ofKim,
      (user: UserDocument) => void (user.devices[0]!.userId = newId()),
      /user of device/
    ],
    [
      'a device that is there twice',
      ofKim,
      (user: UserDocument) => void user.devices.push({ ...user.devices[0]! }),
      /device .* is also in/
    ],
    [
      'a picture of other bytes than its hash',
      pictureOfKim,
      (avatar: AvatarDocument) => void (avatar.png = Buffer.from('another').toString('base64')),
      /hash of the picture/
    ],
    [
      'a picture of somebody else',
      pictureOfKim,
      (avatar: AvatarDocument) => void (avatar.ownerId = newId()),
      /whose picture it is/
    ],
    [
      'a picture that no record names',
      ofKim,
      (user: UserDocument) => void delete user.user!.avatar,
      /is there, but no record names it/
    ],
    [
      'another picture than the record names',
      ofKim,
      (user: UserDocument) => void (user.user!.avatar = '0'.repeat(32)),
      /the picture of /
    ],
    [
      'a user who is deleted, and still has an account and devices',
      ofKim,
      (user: UserDocument) => void (user.user!.deletedAt = SENT_AT),
      /has an account[^]*has devices/
    ],
    [
      'somebody blocked who is nobody',
      ofKim,
      (user: UserDocument) => void (user.blocks![0]!.userId = newId()),
      /who is blocked/
    ],
    [
      'blocks and preferences that are gone',
      ofKim,
      (user: UserDocument) => void Object.assign(user, { blocks: [], preferences: undefined }),
      /\[S3\] head of the stream user:/
    ],
    [
      'preferences in the place of a block',
      ofKim,
      (user: UserDocument) => void (user.preferences!.rev = user.blocks![0]!.rev),
      /\[S3\] rev .* is there twice/
    ],
    [
      'an aside of nothing',
      inRoom('room.json'),
      (room: RoomDocument) => void ((room.room as { parentId: string }).parentId = newId()),
      /\[S11\.5\] parentId of member[^]*the room that an aside belongs to/
    ],
    [
      'a membership in another aside',
      ofKim,
      (user: UserDocument) => void ((user.memberships[0] as { parentId: string }).parentId = newId()),
      /\[S11\.5\] parentId of the membership/
    ],
    [
      'a mention of nobody',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void (segment.messages[7]!.mentions = [newId()]),
      /who is mentioned/
    ],
    [
      'an invite into nothing',
      () => 'invites.json',
      (invites: InvitesDocument) => void (invites.invites[0]!.roomIds = [newId()]),
      /a room that invite/
    ],
    [
      'an invite with more uses than it had',
      () => 'invites.json',
      (invites: InvitesDocument) => void (invites.invites[0]!.usesLeft = 99),
      /uses left of an invite/
    ],
    ['a head of memberships', ofKim, (user: UserDocument) => void (user.head += 1), /\[S3\] head of the stream user:/],
    [
      'a system line without an event',
      inRoom('000001.json'),
      (segment: SegmentDocument) => void delete segment.messages[0]!.event,
      /event of message/
    ],
    [
      'a message of another room',
      inRoom('000002.json'),
      (segment: SegmentDocument) => void (segment.messages[3]!.roomId = newId()),
      /room of message/
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
    const copy = await left.copy(left.stopped)
    await rewrite(join(copy, path()), change)
    const { findings } = await findingsIn(copy)
    expect(findings.map(({ what }) => what).join('\n')).toMatch(expected)
    expect(findings.some(({ where }) => where === path() || /room\.json|users|avatars/.test(where))).toBe(true)
  })

  it('fingerprints of a run of 64 segments that are of other ids, and nothing else', async () => {
    const relay = await TestRelay.start()
    const kim = await relay.signUp('kim')
    const roomId = await (await relay.connect(kim)).createRoom()
    const common = { type: 'message', roomId, kind: 'text', authorId: kim.user.id, body: 'x' } as const
    for (let commit = 0; commit < 64; commit++) {
      await relay.relay.storage.commit([roomStream(roomId)], async (draft) => {
        for (let n = 0; n < 500; n++)
          await draft.append({ ...common, id: newId(), sentAt: SENT_AT, acceptedAt: SENT_AT })
      })
    }
    await relay.relay.stop()
    expect((await findingsIn(relay.dataDir)).findings).toEqual([])
    const run = join(relay.dataDir, 'rooms', roomId, 'ids-000001.json')
    await rewrite(run, (document: RunDocument) => {
      document.fingerprints = Buffer.alloc(192_000).toString('base64')
    })
    const where = `rooms/${roomId}/ids-000001.json`
    const what = 'fingerprints are not those of the messages'
    expect((await findingsIn(relay.dataDir)).findings).toEqual([{ where, what }])
    await relay.stop()
  }, 30_000)
})
