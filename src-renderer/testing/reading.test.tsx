import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ATTENTION_LASTS_MS } from '../platform/attention.ts'
import { READ_AFTER_MS, useReading } from '../features/timeline/use-reading.ts'
import { ServicesProvider } from '../services-context.tsx'
import { fakeServices, ROOM } from './fake-services.tsx'

interface Seen {
  seq: number
  keepsUnread: boolean
}

function read(first: Seen) {
  const fake = fakeServices()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ServicesProvider services={fake.services}>{children}</ServicesProvider>
  )
  const hook = renderHook(({ seq, keepsUnread }: Seen) => useReading(ROOM, seq, keepsUnread), {
    wrapper,
    initialProps: first
  })
  return { ...hook, marks: () => fake.commands.markRead.mock.calls.map(([, seq]) => seq) }
}

const pass = (ms: number) => act(async () => vi.advanceTimersByTimeAsync(ms))

describe('[S12] reading', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('marks what was seen for a while, together, and only forwards', async () => {
    const { rerender, marks } = read({ seq: 3, keepsUnread: false })
    await pass(READ_AFTER_MS - 1)
    expect(marks()).toEqual([])
    rerender({ seq: 5, keepsUnread: false })
    await pass(1)
    expect(marks()).toEqual([5])
    rerender({ seq: 2, keepsUnread: false })
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([5])
  })

  it('marks nothing in a window behind others until somebody comes back to it, nor while nobody is there', async () => {
    const inFront = vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    const { rerender, marks } = read({ seq: 3, keepsUnread: false })
    act(() => void window.dispatchEvent(new Event('blur')))
    await pass(10 * READ_AFTER_MS)
    rerender({ seq: 4, keepsUnread: false })
    await pass(10 * READ_AFTER_MS)
    expect(marks()).toEqual([])
    inFront.mockReturnValue(true)
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([4])
    await pass(ATTENTION_LASTS_MS)
    rerender({ seq: 9, keepsUnread: false })
    // What programs send is nobody.
    act(() => void window.dispatchEvent(new Event('mousemove')))
    act(() => void window.dispatchEvent(new Event('pointermove')))
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([4])
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([4, 9])
  })

  it('marks nothing for who has left before', async () => {
    const { unmount, marks } = read({ seq: 3, keepsUnread: false })
    unmount()
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([])
  })

  it('what somebody marked as unread stays so while messages come, until they are no longer to be kept unread', async () => {
    const { rerender, marks } = read({ seq: 3, keepsUnread: false })
    rerender({ seq: 3, keepsUnread: true })
    await pass(READ_AFTER_MS)
    rerender({ seq: 4, keepsUnread: true })
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([])
    rerender({ seq: 5, keepsUnread: false })
    await pass(READ_AFTER_MS)
    expect(marks()).toEqual([5])
  })
})
