import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Timeline, TimelineItem } from '../../store/chat-store.ts'
import { seqAtTime } from './find-day.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-01-01T00:00:00.000Z')

/** A room with ten messages a day, of which the device holds those in `held`. */
function room(headSeq: number, held: Set<number>, relay: { up: boolean; floor?: number } = { up: true }) {
  const asked: number[] = []
  const item = (seq: number): TimelineItem => {
    const at = new Date(START + Math.floor((seq - 1) / 10) * DAY_MS).toISOString()
    const who = { authorId: 'u', own: false, body: '', kind: 'text' } as const
    return { id: `m${seq}`, roomId: 'r', seq, sentAt: at, acceptedAt: at, ...who }
  }
  const services = {
    loadOlder: async (_room: string, before: number) => {
      asked.push(before)
      for (let seq = Math.max(before - 50, (relay.floor ?? 0) + 1); seq < before && relay.up; seq++) held.add(seq)
      return relay.up
    },
    store: {
      queries: {
        watchTimeline: (_room: string, from: number) =>
          of<Timeline>({ items: held.has(from) ? [item(from)] : [], fromSeq: from, headSeq, complete: true })
      }
    }
  }
  return { services, asked }
}

const all = (headSeq: number) => new Set(Array.from({ length: headSeq }, (_, index) => index + 1))

describe('the first message of a day', () => {
  it('is found on the device without a question to the relay', async () => {
    const { services, asked } = room(1_000, all(1_000))
    const find = (day: number) => seqAtTime(services, 'r', 1_000, START + day * DAY_MS)
    expect(await Promise.all([-5, 0, 1, 50, 99, 100].map(find))).toEqual([1, 1, 11, 501, 991, 1_000])
    expect(asked).toEqual([])
  })

  it('[S9.5] is asked of the relay by halving', async () => {
    const { services, asked } = room(100_000, new Set([99_999, 100_000]))
    expect(await seqAtTime(services, 'r', 100_000, START + 1_234 * DAY_MS)).toBe(12_341)
    expect(asked.length).toBeLessThanOrEqual(17)
  })

  it('cannot be told without the relay, nor of an empty room', async () => {
    const { services } = room(1_000, new Set(), { up: false })
    expect(await seqAtTime(services, 'r', 1_000, START)).toBeNull()
    expect(await seqAtTime(services, 'r', 0, START)).toBeNull()
  })

  it('[S11.4] is after what one may not read', async () => {
    const { services } = room(1_000, new Set(), { up: true, floor: 600 })
    expect(await seqAtTime(services, 'r', 1_000, START)).toBe(601)
  })
})
