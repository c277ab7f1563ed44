import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MessageRecord } from '../../protocol/records.ts'
import type { Changed, Changes, Page } from '../../protocol/socket.ts'
import type { OutboxEntry, StreamState } from '../store/sync-store.ts'
import {
  applyCatchUp,
  applyChanges,
  applyHint,
  applyPage,
  decideHint,
  jumpTo,
  JUMP_REVS,
  positionOf,
  shouldJump,
  showsEffect,
  unknownStream,
  wentBack
} from './stream-state.ts'

const stream = 'room:01a1f000-0000-7000-8000-000000000001'
const state: StreamState = { stream, epoch: 2, checkpoint: 10, ranges: [[1, 8]], headSeq: 8 }
const jumped: StreamState = { ...state, jump: { position: 60, target: 50 }, ranges: [[1, 8], [41, 55]], headSeq: 55 } // prettier-ignore

const message = (seq: number, rev: number): MessageRecord => ({
  type: 'message',
  rev,
  id: `message-${seq}`,
  roomId: 'room',
  seq,
  kind: 'text',
  authorId: 'user',
  body: `at rev ${rev}`,
  sentAt: '',
  acceptedAt: ''
})
const hint = (from: number, through: number, records?: MessageRecord[], epoch = 2): Changed => ({
  epoch,
  stream,
  from,
  through,
  ...(records ? { records } : {})
})
const changes = (records: MessageRecord[], through: number, head = through): Changes => ({
  ok: true,
  kind: 'changes',
  stream,
  records,
  through,
  head,
  more: through < head
})
const page = (messages: MessageRecord[], head: number, headSeq: number): Page => ({
  ok: true,
  kind: 'page',
  roomId: 'room',
  messages,
  reactions: [],
  head,
  headSeq,
  floor: 0,
  more: true
})
const seqs = (records: readonly unknown[]): number[] => (records as MessageRecord[]).map(({ seq }) => seq)

test('[S7.1, S7.2] every hint against every position: old, contiguous or overlapping, early', () => {
  for (let position = 0; position <= 6; position++) {
    for (let from = 0; from <= 6; from++) {
      for (let through = from + 1; through <= 7; through++) {
        const expected = through <= position ? 'ignore' : from > position ? 'wait' : 'apply'
        expect(decideHint({ ...state, checkpoint: position }, hint(from, through, []))).toBe(expected)
        const jump = { position, target: 0 }
        expect(decideHint({ ...state, checkpoint: 0, jump }, hint(from, through, []))).toBe(expected)
        if (expected !== 'apply') continue
        const applied = applyHint({ ...state, checkpoint: position }, hint(from, through, []), 8, false)
        expect(positionOf(applied.state)).toBe(through)
      }
    }
  }
})

test('[S7] a hint without records, or of another epoch, is a pull; an old one is ignored', () => {
  expect(decideHint(state, hint(10, 11))).toBe('pull')
  expect(decideHint(state, hint(12, 13))).toBe('pull')
  expect(decideHint(state, hint(9, 10))).toBe('ignore')
  expect(decideHint(state, hint(10, 11, [], 3))).toBe('pull')
})

test('[S7] hints in any order, doubled and overlapping, never move a position back or over a gap', () => {
  const hints = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 5 })), { maxLength: 40 })
  fc.assert(
    fc.property(hints, (spans) => {
      let now: StreamState = { ...state, checkpoint: 0 }
      const covered = new Set([0])
      for (const [from, length] of spans) {
        const next = hint(from, from + length, [])
        if (decideHint(now, next) !== 'apply') continue
        for (let rev = from + 1; rev <= from + length; rev++) covered.add(rev)
        const before = now.checkpoint
        now = applyHint(now, next, 8, false).state
        expect(now.checkpoint).toBeGreaterThan(before)
        for (let rev = 0; rev <= now.checkpoint; rev++) expect(covered).toContain(rev)
      }
    })
  )
})

test('[S9.4] a change to a message that is neither held nor above all is dropped, unless a page is on its way', () => {
  const told = hint(60, 64, [message(3, 61), message(20, 62), message(50, 63), message(56, 64)])
  const step = applyHint(jumped, told, 55, false)
  expect(seqs(step.records)).toEqual([3, 50, 56])
  expect(step.state).toMatchObject({ ranges: [[1, 8], [41, 56]], headSeq: 56, jump: { position: 64, target: 50 } }) // prettier-ignore
  const kept = applyHint(jumped, told, 55, true)
  expect(seqs(kept.records)).toEqual([3, 20, 50, 56])
  expect(kept.state.ranges).toEqual(step.state.ranges)
})

test('[S9.2] a jump puts J and T at the head of the page, and leaves C', () => {
  const step = jumpTo(state, 3, page([message(41, 45), message(42, 50)], 50, 42))
  expect(step.state).toEqual({
    stream,
    epoch: 3,
    checkpoint: 10,
    jump: { position: 50, target: 50 },
    ranges: [[1, 8], [41, 42]], // prettier-ignore
    headSeq: 42
  })
})

test('[S9.3] C becomes J only when the changes up to T are here', () => {
  const half = applyCatchUp(jumped, changes([message(3, 30), message(20, 31)], 49, 60), Infinity, false)
  expect(half.state).toMatchObject({ checkpoint: 49, jump: { position: 60, target: 50 } })
  expect(seqs(half.records)).toEqual([3])
  const whole = applyCatchUp(half.state, changes([message(4, 50)], 50, 60), Infinity, false)
  expect(whole.state).toEqual({ ...half.state, checkpoint: 60, jump: undefined })
  expect(whole.state).not.toHaveProperty('jump')
})

test('[S9.3] after a short jump the changes bring what was said meanwhile, up to the page; what is newer comes from J on', () => {
  const old = { ...jumped, ranges: [[2, 8], [41, 55]] as const } // prettier-ignore
  const got = [message(1, 11), message(9, 12), message(10, 13), message(50, 14), message(56, 61)]
  const step = applyCatchUp(old, changes(got, 61), 8, false)
  expect(seqs(step.records)).toEqual([9, 10, 50])
  expect(step.state).toMatchObject({ checkpoint: 60, ranges: [[2, 10], [41, 55]], headSeq: 55 }) // prettier-ignore
  expect(step.state).not.toHaveProperty('jump')
  const edited = applyHint(step.state, hint(60, 61, [message(11, 61), message(1, 61)]), 8, false)
  expect(seqs(edited.records)).toEqual([11])
  expect(edited.state.ranges[0]).toEqual([2, 11])
})

test('[S10.2] a stream of which the relay went back is as if unknown, but for what was held of it', () => {
  const first = wentBack({ ...state, jump: { position: 12, target: 11 }, activeAt: 'a', floor: 1, seen: 13 })
  expect(first).toEqual({ ...unknownStream(stream), activeAt: 'a', lostUpTo: 2, heldBefore: [[1, 8]] })
  const again = wentBack({ ...first, epoch: 4, ranges: [[5, 9], [20, 30]] }) // prettier-ignore
  expect(again).toMatchObject({ lostUpTo: 4, heldBefore: [[1, 9], [20, 30]], ranges: [] }) // prettier-ignore
  // Of a device of before this was kept: any of it may have been held.
  expect(wentBack({ ...state, lostUpTo: 1 })).not.toHaveProperty('heldBefore')
  expect(wentBack({ ...unknownStream('users'), epoch: 2, checkpoint: 4 })).not.toHaveProperty('heldBefore')
})

test('[S7] of a run of pulls, a message that was changed again may come after higher ones, and is held all the same', () => {
  const first = applyChanges(state, 2, changes([message(9, 11), message(11, 13)], 13, 15), 8, false)
  expect(first.state.ranges).toEqual([[1, 9], [11, 11]]) // prettier-ignore
  const second = applyChanges(first.state, 2, changes([message(10, 15)], 15), 8, false)
  expect(second.state).toMatchObject({ ranges: [[1, 11]], checkpoint: 15, headSeq: 11 })
})

test('[S9.5] a page is held as one range; an empty one changes no ranges', () => {
  expect(applyPage(jumped, 2, page([message(9, 5), message(10, 6)], 70, 55)).state.ranges).toEqual([[1, 10], [41, 55]]) // prettier-ignore
  expect(applyPage(state, 2, page([], 10, 0)).state).toEqual(state)
})

test('[S9.2] only a room with much left jumps', () => {
  const left = (through: number, head: number): Changes => changes([], through, head)
  expect(shouldJump(left(10, 10 + JUMP_REVS + 1))).toBe(true)
  expect(shouldJump(left(10, 10 + JUMP_REVS))).toBe(false)
  expect(shouldJump({ ...left(10, 10_000), stream: 'users' })).toBe(false)
  expect(shouldJump({ ...left(10, 10_000), more: false })).toBe(false)
})

test('an accepted entry shows when the stream covers its rev, in its epoch or a later one', () => {
  const send = { type: 'message.send', roomId: 'r', messageId: 'm', body: 'b', sentAt: '' } as const
  const edit = { type: 'message.edit', roomId: 'r', messageId: 'm', body: 'b' } as const
  const entry = (operation: typeof send | typeof edit, rev: number, epoch = 2): OutboxEntry => ({
    id: 'e',
    place: 1,
    n: 1,
    createdAt: '',
    dependsOn: [],
    operation,
    state: 'accepted',
    accepted: { stream, rev, epoch }
  })
  expect(showsEffect(state, entry(send, 10))).toBe(true)
  expect(showsEffect(state, entry(send, 11))).toBe(false)
  expect(showsEffect(state, entry(send, 10, 3))).toBe(false)
  expect(showsEffect(state, entry(send, 10, 1))).toBe(true)
  // After a jump: T is 50, J is 60.
  expect(showsEffect(jumped, entry(send, 30))).toBe(true)
  expect(showsEffect(jumped, entry(edit, 30))).toBe(false)
  expect(showsEffect(jumped, entry(edit, 55))).toBe(true)
  expect(showsEffect(jumped, entry(send, 61))).toBe(false)
})
