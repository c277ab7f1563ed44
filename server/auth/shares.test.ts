import { describe, expect, it } from 'vitest'
import { Failures, Seen, Shares } from './shares.ts'

describe('shares and failures', () => {
  const delays = { free: 1, forgetMs: 60_000, firstMs: 1_000, maxMs: 10_000 }

  it('a share comes back with time, and no faster', () => {
    let nowMs = 0
    const shares = new Shares({ burst: 3, perSecond: 2 }, () => nowMs)
    expect([shares.take('a'), shares.take('a', 2)]).toEqual([0, 0])
    expect(shares.take('a')).toBe(500)
    expect(shares.take('b')).toBe(0)
    nowMs = 400
    expect(shares.take('a')).toBe(100)
    nowMs = 500
    expect(shares.take('a')).toBe(0)
    nowMs = 1_000_000
    expect(shares.left('a')).toBe(3)
  })

  it('a clock that is set back gives nothing and makes nobody wait for long', () => {
    let nowMs = 1_000_000_000
    const shares = new Shares({ burst: 1, perSecond: 1 }, () => nowMs)
    const failures = new Failures(delays, () => nowMs)
    shares.take('a')
    for (let index = 0; index < 5; index++) failures.add('a')
    nowMs = 0
    expect(shares.take('a')).toBe(1_000)
    expect(failures.waitMs('a')).toBe(delays.maxMs)
  })

  it('memory is bounded: whoever was not heard of for longest is forgotten', () => {
    const shares = new Shares({ burst: 10, perSecond: 1 }, () => 0, 1_000)
    const failures = new Failures(delays, () => 0, 1_000)
    const seen = new Seen(1_000)
    for (let index = 0; index < 100_000; index++) {
      shares.take(`address ${index}`)
      failures.add(`address ${index}`)
      seen.add(`address ${index}`)
    }
    expect([shares.size, failures.size]).toEqual([1_000, 1_000])
    expect(shares.left('address 99999')).toBe(9)
    expect(shares.left('address 0')).toBe(10)
    expect([seen.has('address 99999'), seen.has('address 0')]).toEqual([true, false])
  })

  it('what is taken back leaves what came after it', () => {
    let nowMs = 0
    const failures = new Failures(delays, () => nowMs)
    failures.add('a')
    const takeBack = failures.add('a')
    expect(failures.waitMs('a')).toBe(1_000)
    takeBack()
    expect(failures.waitMs('a')).toBe(0)
    const first = failures.add('a')
    failures.add('a')
    expect(failures.waitMs('a')).toBe(2_000)
    first()
    expect(failures.waitMs('a')).toBe(2_000)
    nowMs = 2_000
    expect(failures.waitMs('a')).toBe(0)
  })
})
