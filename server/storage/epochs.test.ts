// The numbers of starts.
import { expect, it } from 'vitest'
import { epochAfter, epochOfRestored } from './epochs.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const DAY = 24 * 60 * 60 * 1_000
const least = () => 0
const most = (limit: number) => limit - 1

it('[S10.1] a later start has a higher number, also one of a copy that does not know of the others', () => {
  const first = epochAfter(0, NOW, most)
  let lost = first
  for (let start = 1; start <= 100; start++) lost = epochAfter(lost, NOW + start, most)
  expect(epochAfter(first, NOW + 102, least)).toBeGreaterThan(lost)
})

it('[S10.1] a start has a higher number than all before, whatever the clock says', () => {
  let last = 0
  for (const now of [NOW, 0, NOW - DAY, Number.MAX_SAFE_INTEGER, Infinity, 0, NOW]) {
    const next = epochAfter(last, now, least)
    expect(next).toBeGreaterThan(last)
    expect(Number.isSafeInteger(next)).toBe(true)
    last = next
  }
})

it('[S8] a restored copy starts above all that were, where the clock does not work', () => {
  const atBackup = epochAfter(0, 0, most)
  let lost = atBackup
  for (let start = 1; start <= 10_000; start++) lost = epochAfter(lost, 0, most)
  expect(epochAfter(epochOfRestored(atBackup, 0), 0, least)).toBeGreaterThan(lost)
})
