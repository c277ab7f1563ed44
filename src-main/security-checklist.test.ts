// Electron's security checklist (its tutorial/security), in its order, over the shell as index.ts starts it. What Electron does with what it is told
// only a real one shows: docs/desktop-security.md.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  app,
  BrowserWindow,
  FakeFrame,
  FakeWebContents,
  ipcMain,
  protocol,
  session,
  shell
} from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const ELSEWHERE = [
  'https://example.org/',
  'http://127.0.0.1:4100/',
  'file:///etc/passwd',
  'app://other/',
  'data:text/html,x',
  ''
]
const argv = process.argv
const root = join(import.meta.dirname, '..')
let window: FakeBrowserWindow
/** What electron-builder is told. */
let packed: { electronFuses: object; asar: boolean; electronVersion?: string }
let electronVersion: string
/** Every file of the shell but its tests, without comments. */
let sources: { name: string; text: string }[]

beforeAll(async () => {
  app.userData = await mkdtemp(join(tmpdir(), 'maru-user-data-'))
  process.argv = ['electron', '.']
  await import('./index.ts')
  await app.becomeReady()
  window = BrowserWindow.windows[0] as FakeBrowserWindow
  const config: unknown = await import(join(root, 'electron-builder.config.mjs'))
  packed = (config as { default: typeof packed }).default
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  electronVersion = (manifest as { devDependencies: { electron: string } }).devDependencies.electron
  const names = (await readdir(import.meta.dirname)).filter((name) => /(?<!\.test|\.d)\.ts$/.test(name))
  sources = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(import.meta.dirname, name), 'utf8')
      return { name, text: text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1') }
    })
  )
})

afterAll(async () => {
  process.argv = argv
  await rm(app.userData, { recursive: true, force: true })
})

/** The files that say so. */
const saying = (what: RegExp): string[] => sources.filter(({ text }) => what.test(text)).map(({ name }) => name)

function isStopped(contents: FakeWebContents, event: string, url: string): boolean {
  const preventDefault = vi.fn<() => void>()
  contents.emit(event, { url, preventDefault })
  return preventDefault.mock.calls.length > 0
}

describe('of the checklist', () => {
  it('1 only what came with the app is loaded: one page, from one place', () => {
    expect(BrowserWindow.windows.map(({ done }) => done.filter((each) => each.startsWith('load')))).toEqual([
      ['load app://maru/index.html']
    ])
    expect(saying(/\bloadURL\(|\bloadFile\(/)).toEqual(['window.ts'])
    expect(saying(/new (BrowserWindow|WebContentsView|BrowserView|BaseWindow)\(/)).toEqual(['window.ts'])
    expect(saying(/executeJavaScript|insertCSS|registerPreloadScript/)).toEqual([])
  })

  it('2 3 4 6 8 9 10 11 every window says so by name, and every process of a page is in the sandbox', () => {
    for (const { options } of BrowserWindow.windows) {
      const { preload: _, backgroundThrottling: _throttled, ...fences } = options.webPreferences
      expect(fences).toEqual({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false
      })
    }
    expect(app.done.indexOf('enableSandbox')).toBeLessThan(app.done.indexOf('ready'))
    expect(app.done).toContain('enableSandbox')
    expect(saying(/no-sandbox|disable-web-security|ignore-certificate|remote-debugging|appendSwitch/)).toEqual([])
    expect(saying(/BlinkFeatures|allowpopups/)).toEqual([])
  })

  it('5 permissions are refused by all three handlers of every session, but to our own page what is listed', () => {
    const { onRequest, onCheck, onDevice } = session.defaultSession
    const ask = (permission: string, url: string): unknown[] => {
      const request = onRequest as (...args: unknown[]) => void
      const check = onCheck as (...args: unknown[]) => boolean
      let granted: boolean | undefined
      request({}, permission, (answer: boolean) => (granted = answer), { requestingUrl: url, isMainFrame: true })
      return [granted, check(null, permission, url, { isMainFrame: true })]
    }
    for (const permission of ['media', 'geolocation', 'hid', 'openExternal', 'display-capture', 'a new one'])
      expect(ask(permission, 'app://maru/')).toEqual([false, false])
    for (const url of ELSEWHERE) expect(ask('notifications', url)).toEqual([false, false])
    expect((onDevice as () => boolean)()).toBe(false)
    // Others would have no handlers.
    expect(saying(/fromPartition|fromPath|partition:/)).toEqual([])
  })

  it('7 a policy comes with every answer, refusals too, and lets no other code in', async () => {
    const serve = session.defaultSession.handlers.get('app')
    for (const path of ['index.html', 'nothing-here.js', '../../package.json']) {
      const policy = (await serve?.(new Request(`app://maru/${path}`)))?.headers.get('content-security-policy') ?? ''
      const rules = Object.fromEntries(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]))
      expect(rules).toMatchObject({
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'object-src': ["'none'"],
        'frame-src': ["'none'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"]
      })
      expect(policy).not.toMatch(/unsafe|\*|data:[^;]*script/)
    }
  })

  it('12 13 14 no page goes elsewhere, embeds or opens one; that holds for contents of whatever kind', () => {
    const other = new FakeWebContents()
    app.emit('web-contents-created', {}, other)
    for (const contents of [window.webContents, other]) {
      for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])
        for (const url of ELSEWHERE) expect(isStopped(contents, event, url)).toBe(true)
      for (const url of [...ELSEWHERE, 'app://maru/index.html'])
        expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' })
    }
  })

  it('15 the system is asked to open links of the web and mail alone, in one place', () => {
    shell.opened.length = 0
    const urls = [
      'https://example.org/',
      'http://a/',
      'mailto:a@b',
      'file:///bin/sh',
      'ms-msdt:/id',
      'smb://a/b',
      'maru://join'
    ]
    for (const url of urls) window.webContents.openHandler?.({ url })
    expect(shell.opened).toEqual(['https://example.org/', 'http://a/', 'mailto:a@b'])
    expect(saying(/openExternal/)).toEqual(['navigation.ts'])
    expect(saying(/\bopenPath\b|showItemInFolder|child_process/)).toEqual([])
  })

  it('16 the version of Electron is one version, and the one that is packed', () => {
    expect(electronVersion).toMatch(/^\d+\.\d+\.\d+$/)
    expect(packed.electronVersion ?? electronVersion).toBe(electronVersion)
  })

  it('17 no channel answers anybody but the main frame of our own page', async () => {
    expect(ipcMain.handlers.size).toBeGreaterThan(20)
    for (const [channel, handler] of ipcMain.handlers) {
      const refusal = `${channel} may only be asked by the app's own page`
      for (const url of ELSEWHERE) {
        const sender = new FakeWebContents()
        sender.mainFrame.url = url
        await expect(handler({ sender, senderFrame: sender.mainFrame })).rejects.toThrow(refusal)
      }
      const sender = new FakeWebContents()
      for (const senderFrame of [null, new FakeFrame('app://maru/index.html')])
        await expect(handler({ sender, senderFrame })).rejects.toThrow(refusal)
    }
    // There is no other door.
    expect(saying(/\bipcMain\b/)).toEqual(['ipc.ts'])
    expect(saying(/\bipc\.(on|handle)\(|MessageChannelMain/)).toEqual([])
  })

  it('17 no channel takes what it does not expect', async () => {
    const sender = new FakeWebContents()
    for (const [channel, handler] of ipcMain.handlers) {
      const tooMuch = Array.from({ length: 9 }, () => ({}))
      await expect(handler({ sender, senderFrame: sender.mainFrame }, ...tooMuch)).rejects.toThrow(
        `${channel} was asked in a wrong shape`
      )
    }
  })

  it('18 the page comes by a scheme of its own, with no more than it needs, and not from file:', () => {
    expect(protocol.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
      }
    ])
    expect(saying(/['"`]file:/)).toEqual([])
  })

  it('19 what is packed can be neither debugged, nor run as Node, nor take other code than its own', () => {
    expect(packed.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false
    })
    expect(packed.asar).toBe(true)
  })

  it('20 the page is given one bridge, by one file, which alone speaks to the main process', () => {
    expect(saying(/contextBridge/)).toEqual(['preload.ts'])
    expect(saying(/ipcRenderer/)).toEqual(['preload.ts'])
    const preload = sources.find(({ name }) => name === 'preload.ts')?.text ?? ''
    expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1)
    expect(preload).not.toMatch(/sendSync|postMessage|\brequire\(|node:/)
  })
})

describe('besides', () => {
  it('files leave the app only where the person says, and what comes from elsewhere is no download', () => {
    expect(session.defaultSession.listenerCount('will-download')).toBe(1)
    const preventDefault = vi.fn<() => void>()
    const item = {
      getURL: () => 'https://example.org/a.exe',
      getURLChain: () => ['https://example.org/a.exe'],
      getInitiatorOrigin: () => 'app://maru'
    }
    const terminal = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    session.defaultSession.emit('will-download', { preventDefault }, item, window.webContents, null)
    expect(preventDefault).toHaveBeenCalledOnce()
    expect(terminal).toHaveBeenCalledOnce()
    terminal.mockRestore()
  })

  it('nothing is asked of the internet by itself: spelling has no dictionaries to fetch', () => {
    const wanted = process.platform === 'darwin' ? { on: true, languages: ['en-US'] } : { on: false, languages: [] }
    expect(session.defaultSession.spelling).toEqual(wanted)
  })
})
