import { describe, expect, it } from 'vitest'
import { inHours, tomorrowMorning } from './mute-times.ts'

describe('muting for a time', () => {
  it('ends after so many hours', () => {
    expect(inHours(new Date('2026-02-10T20:30:00.000Z'), 8)).toBe('2026-02-11T04:30:00.000Z')
  })

  it.each([
    [new Date(2026, 1, 10, 23, 59), new Date(2026, 1, 11, 8)],
    [new Date(2026, 1, 11, 0, 1), new Date(2026, 1, 12, 8)],
    [new Date(2026, 11, 31, 9, 0), new Date(2027, 0, 1, 8)]
  ])('until tomorrow is the next day at 8 where one is: %s', (now, until) => {
    expect(tomorrowMorning(now)).toBe(until.toISOString())
  })
})
