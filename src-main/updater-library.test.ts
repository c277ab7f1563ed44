// The library itself, against a server on loopback: what it asks, sends and believes. Electron is the small fake, its network Node's.
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import Module from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { app } from './testing/fake-electron.ts'
import { loadUpdater } from './updater.ts'
import type { Updater } from './updater.ts'

const PACKAGE = Buffer.alloc(200_000, 'Maru')
const SHA512 = createHash('sha512').update(PACKAGE).digest('base64')

/** Node's way of loading, by which the library asks for Electron. */
const loading = Module as unknown as { _load: (name: string, ...more: unknown[]) => unknown }
const load = loading._load
const { platform } = process

let folder: string
let updater: Updater
let version = '2.0.0'
let sha512 = SHA512
let isGone = false
const asked: IncomingMessage[] = []
const server = createServer((question, answer) => {
  asked.push(question)
  if (isGone) question.socket.destroy()
  const path = question.url?.split('?')[0]
  if (path === '/maru/latest-linux.yml') {
    const file = `url: Maru-${version}.AppImage\n    sha512: ${sha512}\n    size: ${PACKAGE.length}`
    answer.end(`version: ${version}\nfiles:\n  - ${file}\nreleaseDate: '2026-11-21T00:00:00.000Z'\n`)
  } else if (path === `/maru/Maru-${version}.AppImage`) {
    answer.writeHead(200, { 'content-length': PACKAGE.length }).end(PACKAGE)
  } else answer.writeHead(404).end()
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-updater-'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/maru/`
  await writeFile(
    join(folder, 'app-update.yml'),
    `provider: generic\nurl: ${url}\nchannel: latest\nupdaterCacheDirName: maru-updater\n`
  )
  vi.stubEnv('XDG_CACHE_HOME', folder)
  vi.stubEnv('APPIMAGE', join(folder, 'Maru.AppImage'))
  Object.defineProperty(process, 'platform', { value: 'linux' })
  Object.assign(process, { resourcesPath: folder })
  Object.assign(app, { isPackaged: true, userData: folder })
  await app.becomeReady()
  const net = {
    request: ({ session: _session, ...options }: RequestOptions & { session: unknown }) =>
      request({ ...options, agent: false })
  }
  const electron = { app, net, autoUpdater: new EventEmitter(), session: { fromPartition: () => ({}) } }
  loading._load = (name, ...more) => (name === 'electron' ? electron : load.call(Module, name, ...more))
  updater = await loadUpdater({ installsWhenQuitting: true })
})

afterAll(async () => {
  loading._load = load
  Object.defineProperty(process, 'platform', { value: platform })
  Reflect.deleteProperty(process, 'resourcesPath')
  app.isPackaged = false
  vi.unstubAllEnvs()
  server.close()
  await rm(folder, { recursive: true })
})

it('asks one file which version there is, without saying who asks, and fetches nothing', async () => {
  expect(await updater.look()).toBe('2.0.0')
  expect(asked.map(({ url }) => url?.split('?')[0])).toEqual(['/maru/latest-linux.yml'])
  expect(asked[0]?.headers).toMatchObject({ 'x-user-staging-id': '', 'user-agent': 'electron-builder' })
  expect(asked[0]?.headers).not.toHaveProperty('cookie')
})

it('takes no version that is this one, or an older one', async () => {
  for (version of ['1.2.3', '1.2.2', '0.9.0']) expect(await updater.look()).toBeNull()
})

it('throws away what is not as the server has said, and keeps what is', async () => {
  version = '2.0.0'
  sha512 = createHash('sha512').update('another').digest('base64')
  await updater.look()
  await expect(updater.download(() => {})).rejects.toMatchObject({ reason: 'damaged' })
  const pending = async () =>
    (await readdir(join(folder, 'maru-updater/pending'))).filter((name) => /AppImage/.test(name))
  expect(await pending().catch(() => [])).toEqual([])

  sha512 = SHA512
  await updater.look()
  const percents: number[] = []
  await updater.download((percent) => percents.push(percent))
  expect(percents.at(-1)).toBe(100)
  expect(await pending()).toEqual(['Maru-2.0.0.AppImage'])
})

it('knows a server that speaks nonsense, and one that falls silent, for what they are', async () => {
  version = 'no version'
  await expect(updater.look()).rejects.toMatchObject({ reason: 'damaged' })
  isGone = true
  await expect(updater.look()).rejects.toMatchObject({ reason: 'unreachable' })
})
