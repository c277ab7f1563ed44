// The commands of the built relay, as whoever runs one types them: back up while people talk, lose everything, restore.
import { expect, test } from '@playwright/test'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { RelayProcess } from './relay-process.ts'

const root = resolve(import.meta.dirname, '..')

/** `npm run relay -- …`, without npm. */
async function relayCommand(dataDir: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir }
  const run = promisify(execFile)(process.execPath, [join(root, 'scripts/relay.mjs'), ...args], { env, cwd: root })
  const { stdout } = await run
  return stdout
}

test('a backup of a running relay, restored elsewhere, has the messages that were there', async ({ request }) => {
  const place = await mkdtemp(join(tmpdir(), 'maru-backup-spec-'))
  const [dataDir, backup, restored] = [join(place, 'data'), join(place, 'backup'), join(place, 'restored')]
  const relay = await RelayProcess.start({ env: { DATA_DIR: dataDir } })
  const account = { username: 'kim', password: 'a long password', displayName: 'Kim' }
  const ask = async (url: string, path: string, token?: string, data?: unknown) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const options = { headers, ...(data === undefined ? {} : { data }) }
    const answer = await request.fetch(`${url}/api/v1${path}`, {
      method: data === undefined ? 'GET' : 'POST',
      ...options
    })
    expect(answer.ok()).toBe(true)
    return answer.json()
  }
  const { token } = await ask(relay.url, '/accounts', undefined, account)
  const { room } = await ask(relay.url, '/rooms', token, { kind: 'group', name: 'Kitchen', memberIds: [] })
  await ask(relay.url, `/rooms/${room.id}/messages`, token, { id: crypto.randomUUID(), body: 'kept' })

  expect(await relayCommand(dataDir, 'backup', backup)).toContain('nothing is wrong')
  expect(await relayCommand(restored, 'restore', backup)).toContain('Start the relay')
  expect(await relayCommand(restored, 'verify')).toContain('nothing is wrong')
  await relay.dispose()

  const again = await RelayProcess.start({ env: { DATA_DIR: restored } })
  expect((await request.get(`${again.url}/readyz`)).status()).toBe(200)
  const { messages } = await ask(again.url, `/rooms/${room.id}/messages`, token)
  expect(messages.map(({ body }: { body: string }) => body)).toEqual(['', 'kept'])
  await again.dispose()
  await rm(place, { recursive: true, force: true })
})

test('help and a wrong argument of the built relay', async () => {
  expect(await relayCommand('/nowhere', '--help')).toContain('DATABASE_URL')
  await expect(relayCommand('/nowhere', 'frobnicate')).rejects.toThrow(/frobnicate is no command of the relay/)
})
