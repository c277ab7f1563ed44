// What is packed, over a stand-in for Electron's distribution: the archive, the fuses, what systems are told of the app, licences, size. Starts nothing of it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { extractAll, extractFile, listPackage } from '@electron/asar'
import { expect, test } from '@playwright/test'
import { hostTidingsSchema } from '../protocol/hosting.ts'
import type { HostCommand } from '../protocol/hosting.ts'
import { makeFakeElectronDist, readFuses } from '../scripts/fake-electron-dist.mjs'
import { pack } from '../scripts/pack.mjs'
import { root } from '../scripts/setup.mjs'
import { APP_ID } from '../src-main/app-id.ts'

const MAX_BYTES = 12_000_000
const UPDATE_URL = 'http://192.168.0.20:8080/maru/'

let folder: string
let app: string
let archive: string

async function json(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(root, path), 'utf8')) as Record<string, unknown>
}

/** Of all files below it. */
async function bytesOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Only packages that are made here have a desktop entry: the same configuration, which also leaves that of the packages beside its output. */
async function configWithEntry(): Promise<string> {
  const of = (path: string) => JSON.stringify(pathToFileURL(join(root, path)).href)
  const file = join(folder, 'config.mjs')
  await writeFile(
    file,
    `import { writeFile } from 'node:fs/promises'
    import { createRequire } from 'node:module'
    import config from ${of('electron-builder.config.mjs')}
    const { LinuxTargetHelper } = createRequire(${of('node_modules/electron-builder/')})('app-builder-lib/out/targets/LinuxTargetHelper')
    const afterPack = async ({ packager }) => {
      const helper = new LinuxTargetHelper(packager)
      const entry = await helper.computeDesktopEntry(packager.platformSpecificBuildOptions)
      await writeFile(${JSON.stringify(folder)} + '/' + helper.getDesktopFileName() + '.desktop', entry)
    }
    export default { ...config, afterPack }`
  )
  return file
}

/** The files of the archive, with `/`. */
function packed(): string[] {
  return listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/').slice(1))
}

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-packages-'))
  const electron = await json('node_modules/electron/package.json')
  await makeFakeElectronDist(join(folder, 'electron'), String(electron['version']))
  const output = join(folder, 'release')
  const { succeeded, said } = await pack(['--linux', 'dir', '--x64'], {
    output,
    config: await configWithEntry(),
    env: { ...process.env, ELECTRON_DIST: join(folder, 'electron'), MARU_UPDATE_URL: UPDATE_URL },
    quiet: true
  })
  expect(succeeded, said).toBe(true)
  app = join(output, 'linux-unpacked')
  archive = join(app, 'resources/app.asar')
})

test.afterAll(async () => rm(folder, { recursive: true, force: true }))

test('the archive holds what was built and who it is: no packages, no source maps, nothing from beside', async () => {
  const files = packed()
  expect(files.filter((path) => !/^(out|out\/(main|preload|renderer)(\/.*)?|package\.json)$/.test(path))).toEqual([])
  expect(files.filter((path) => path.endsWith('.map'))).toEqual([])
  const built = await readdir(join(root, 'out/main'), { recursive: true, withFileTypes: true })
  const scripts = built.filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
  expect(files.filter((path) => /^out\/main\/.*\.js$/.test(path))).toHaveLength(scripts.length)
})

test('all parts of the app are there: the process itself, a relay’s own, the bridge, the client and what keeps it in browsers', () => {
  expect(packed()).toEqual(
    expect.arrayContaining(
      ['main/index.js', 'main/host.js', 'preload/preload.cjs', 'renderer/index.html', 'renderer/sw.js'].map(
        (path) => `out/${path}`
      )
    )
  )
})

test('the relay in it needs nothing that is not in it, and gives its client to browsers', async () => {
  const inside = join(folder, 'inside')
  extractAll(archive, inside)
  const relay = fork(join(inside, 'out/main/host.js'), { env: {}, execArgv: [], stdio: 'inherit' })
  const ended = once(relay, 'exit')
  const told = once(relay, 'message')
  const tell = (command: HostCommand) => relay.send(command)
  const webRoot = join(inside, 'out/renderer')
  const settings = { dataDir: join(folder, 'data'), webRoot, address: '127.0.0.1', port: 0, name: 'Maru' }
  tell({ type: 'start', settings: { ...settings, announced: false } })
  const ready = hostTidingsSchema.parse((await told)[0])
  if (ready.type !== 'ready') throw new Error(JSON.stringify(ready))
  const answers = await Promise.all(
    ['/', '/sw.js', '/api/v1/relay'].map(async (path) => fetch(`http://127.0.0.1:${ready.port}${path}`))
  )
  expect(answers.map(({ status, headers }) => [status, headers.get('content-type')?.split(';')[0]])).toEqual([
    [200, 'text/html'],
    [200, 'text/javascript'],
    [200, 'application/json']
  ])
  tell({ type: 'stop' })
  expect((await ended)[0]).toBe(0)
})

test('it says who it is as the system will know it, and starts as what was built', async () => {
  const inside = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>
  const { version, desktopName, main } = await json('package.json')
  expect(inside).toMatchObject({ name: 'maru', version, desktopName, main, type: 'module' })
  expect(desktopName).toBe(`${APP_ID}.desktop`)
  expect((await stat(join(app, 'maru'))).mode & 0o111).not.toBe(0)
})

test('desktops know its windows by its id, in Korean too, and hand it maru: links', async () => {
  const entry = await readFile(join(folder, `${APP_ID}.desktop`), 'utf8')
  expect(entry.split('\n')).toEqual(
    expect.arrayContaining([
      'Name=Maru',
      'Name[ko]=마루',
      'Exec=/opt/Maru/maru %U',
      `StartupWMClass=${APP_ID}`,
      'MimeType=x-scheme-handler/maru;',
      'Categories=Network;InstantMessaging;'
    ])
  )
})

test('the fuses are blown: no Node, no inspecting, only this archive, encrypted cookies', async () => {
  const names = [
    'runAsNode',
    'cookieEncryption',
    'nodeOptions',
    'nodeCliInspect',
    'asarIntegrity',
    'onlyLoadAppFromAsar',
    'browserSpecificV8Snapshot',
    'fileProtocolExtraPrivileges'
  ]
  const fuses = readFuses(await readFile(join(app, 'maru')))
  expect(names.filter((_name, index) => fuses[index] === '1')).toEqual([
    'cookieEncryption',
    'asarIntegrity',
    'onlyLoadAppFromAsar'
  ])
  expect(names.filter((_name, index) => fuses[index] === '0')).toHaveLength(5)
})

test('it looks for new versions where whoever built it has said, and only the languages that it speaks are in it', async () => {
  const update = await readFile(join(app, 'resources/app-update.yml'), 'utf8')
  expect(update.split('\n')).toEqual(
    expect.arrayContaining(['provider: generic', `url: ${UPDATE_URL}`, 'channel: latest'])
  )
  expect((await readdir(join(app, 'locales'))).toSorted()).toEqual(['en-US.pak', 'ko.pak'])
})

test('the licences of everything in it are beside it', async () => {
  expect(await readFile(join(app, 'resources/LICENSE.txt'), 'utf8')).toBe(await readFile(join(root, 'LICENSE'), 'utf8'))
  expect(await readdir(app)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']))
  const notices = await readFile(join(app, 'resources/NOTICES.txt'), 'utf8')
  // One of each part of the app, code and data: main process, relay, client, typeface, emoji.
  const named = [...notices.matchAll(/^-{100}\n\n(\S+) \d+\.\d+\.\d+\S*\n/gm)].map((match) => match[1])
  expect(named).toEqual(
    expect.arrayContaining(['electron-updater', 'express', 'rxdb', 'react', 'pretendard', 'emojibase-data', 'zod'])
  )
  expect(notices.includes('SIL OPEN FONT LICENSE')).toBe(true)
})

test('without Electron it is at most 12 MB', async () => {
  const bytes = await bytesOf(join(app, 'resources'))
  process.stdout.write(`The desktop app without Electron: ${(bytes / 1e6).toFixed(2)} MB\n`)
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
})
