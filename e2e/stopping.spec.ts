// Ending the relay as people and systems do.
import { expect, test } from '@playwright/test'
import { RelayProcess } from './relay-process.ts'

test('one Ctrl+C that arrives by several ways stops the relay once, cleanly', async () => {
  const relay = await RelayProcess.start()
  expect(await relay.stop('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT')).toBe(0)
  expect(relay.output.filter((line) => line.includes('"msg":"stopping"'))).toHaveLength(1)
  const before = relay.output.length
  await relay.start()
  // Nothing was left half written for this start to repair.
  expect(relay.output.slice(before).join('\n')).not.toContain('journal')
  expect(await relay.stop('SIGTERM')).toBe(0)
  await relay.dispose()
})
