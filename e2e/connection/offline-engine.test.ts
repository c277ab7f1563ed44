// @vitest-environment happy-dom
// In a window, Engine.IO gives up by itself when the device says that it is offline, and while it is opening tells nobody of it.
import { afterEach, expect, test, vi } from 'vitest'
import { connect, endAll, reached, startRelay } from './scripted-relay.ts'

afterEach(async () => {
  await endAll()
  vi.restoreAllMocks()
})

test('a network that goes and comes back while the connection opens does not leave it hanging', async () => {
  const { url, swallowUpgrades } = await startRelay()
  const swallowed = swallowUpgrades()
  // Of the window and of real time.
  const { connection, seen } = connect(url, { random: () => 1 })
  await expect.poll(() => swallowed.count).toBe(1)
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  window.dispatchEvent(new Event('offline'))
  onLine.mockReturnValue(true)
  swallowed.stop()
  window.dispatchEvent(new Event('online'))
  const began = Date.now()
  await reached(connection, 'connected')
  expect(Date.now() - began).toBeLessThan(8_000)
  expect(seen).toEqual(['connecting', 'connected'])
})
