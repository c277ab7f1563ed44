// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { windowSurroundings } from './surroundings.ts'

afterEach(() => void vi.restoreAllMocks())

function listening(): { woken: () => number; stop: () => void } {
  let woken = 0
  const stop = windowSurroundings.onWake(() => (woken += 1))
  return { woken: () => woken, stop }
}

test.each(['online', 'offline', 'focus'])('a window wakes by "%s", until it is not listened to any more', (event) => {
  const { woken, stop } = listening()
  window.dispatchEvent(new Event(event))
  expect(woken()).toBe(1)
  stop()
  window.dispatchEvent(new Event(event))
  expect(woken()).toBe(1)
})

test('a window wakes when it is shown, and not when it is hidden', () => {
  const { woken, stop } = listening()
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(woken()).toBe(0)
  visibility.mockReturnValue('visible')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(woken()).toBe(1)
  stop()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(woken()).toBe(1)
})

test('it is online as the device says', () => {
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  expect(windowSurroundings.isOnline()).toBe(false)
  onLine.mockReturnValue(true)
  expect(windowSurroundings.isOnline()).toBe(true)
})
