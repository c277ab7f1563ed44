import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { useTimeline } from '../features/timeline/use-timeline.ts'
import { ServicesProvider } from '../services-context.tsx'
import { fakeServices, ROOM, timelineItem } from './fake-services.tsx'

function open() {
  const fake = fakeServices()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ServicesProvider services={fake.services}>{children}</ServicesProvider>
  )
  fake.services.loadOlder.mockResolvedValue(false)
  fake.timeline.next({ items: [timelineItem({ seq: 60 })], fromSeq: 60, headSeq: 60, complete: true })
  return { ...fake, ...renderHook(() => useTimeline(ROOM), { wrapper }) }
}

describe('[S9.5] older messages that the device lacks', () => {
  it('are asked for once, and again for each connection', async () => {
    const { services, status, result } = open()
    await waitFor(() => expect(result.current?.top).toBe('failed'))
    expect(services.loadOlder.mock.calls).toEqual([[ROOM, 60]])
    act(() => status.next({ name: 'waiting', reason: 'network', retryAt: 0 }))
    await waitFor(() => expect(result.current?.top).toBe('offline'))
    services.loadOlder.mockResolvedValue(true)
    act(() => status.next({ name: 'connected' }))
    expect(result.current?.top).toBe('loading')
    expect(services.loadOlder).toHaveBeenCalledTimes(3)
  })

  it('are asked for again when the person wants it', async () => {
    const { services, result } = open()
    await waitFor(() => expect(result.current?.top).toBe('failed'))
    await act(async () => result.current?.tryAgain())
    expect(services.loadOlder).toHaveBeenCalledTimes(2)
  })

  it('once they are there, the page is whole and nothing more is asked for', async () => {
    const { services, timeline, result } = open()
    await waitFor(() => expect(result.current?.top).toBe('failed'))
    act(() => timeline.next({ items: [timelineItem({ seq: 11 })], fromSeq: 11, headSeq: 60, complete: true }))
    expect(result.current?.top).toBe('more')
    expect(result.current?.mayGrow).toBe(true)
    expect(services.loadOlder).toHaveBeenCalledTimes(1)
  })
})

describe('a message that is not shown', () => {
  it('is asked of the relay with what is around it, and shown by itself once it is there', async () => {
    const { services, timeline, status, result } = open()
    timeline.next({ items: [timelineItem({ seq: 4_000 })], fromSeq: 4_000, headSeq: 4_000, complete: true })
    await act(async () => result.current?.reach(100))
    await waitFor(() => expect(result.current?.place).toBe('failed'))
    expect(services.loadOlder).toHaveBeenLastCalledWith(ROOM, 121)
    act(() => status.next({ name: 'waiting', reason: 'network', retryAt: 0 }))
    await waitFor(() => expect(result.current?.place).toBe('offline'))
    act(() => timeline.next({ items: [timelineItem({ seq: 71 })], fromSeq: 71, headSeq: 4_000, complete: true }))
    await waitFor(() => expect(result.current?.place).toBeNull())
    expect([result.current?.from, result.current?.bottom]).toEqual([80, 'more'])
    act(() => result.current?.toNewest())
    expect([result.current?.from, result.current?.bottom]).toEqual([3_951, 'end'])
  })

  it('and not in the room at all is said to be missing', async () => {
    const { services, timeline, result } = open()
    timeline.next({ items: [timelineItem({ seq: 11 })], fromSeq: 11, headSeq: 60, complete: true })
    await waitFor(() => expect(result.current?.mayGrow).toBe(true))
    services.loadOlder.mockClear()
    act(() => result.current?.reach(61))
    expect(result.current?.place).toBe('missing')
    expect(services.loadOlder).not.toHaveBeenCalled()
    act(() => result.current?.leavePlace())
    expect(result.current?.place).toBeNull()
  })
})
