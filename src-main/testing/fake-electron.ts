// A small stand-in for the parts of Electron that src-main uses, for `vi.mock('electron', …)`. Keeps what it was told; does nothing.
import { EventEmitter } from 'node:events'

type Handler = (...args: never[]) => unknown

export class FakeFrame {
  url: string
  constructor(url: string) {
    this.url = url
  }
}

export class FakeWebContents extends EventEmitter {
  readonly mainFrame = new FakeFrame('app://maru/index.html')
  readonly sent: unknown[][] = []
  reloads = 0
  destroyed = false
  openHandler: ((details: { url: string }) => { action: string }) | undefined

  send(...message: unknown[]): void {
    this.sent.push(message)
  }
  reload(): void {
    this.reloads += 1
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
}

export class FakeBrowserWindow extends EventEmitter {
  static windows: FakeBrowserWindow[] = []
  static getAllWindows(): FakeBrowserWindow[] {
    return FakeBrowserWindow.windows
  }

  readonly options: { [name: string]: unknown; webPreferences: Record<string, unknown> }
  readonly webContents = new FakeWebContents()
  /** What was done to it, in order. */
  readonly done: string[] = []
  minimized = false

  constructor(options: FakeBrowserWindow['options']) {
    super()
    this.options = options
    FakeBrowserWindow.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(url: string): Promise<void> {
    this.done.push(`load ${url}`)
  }
  isMinimized(): boolean {
    return this.minimized
  }
  restore(): void {
    this.done.push('restore')
  }
  show(): void {
    this.done.push('show')
  }
  focus(): void {
    this.done.push('focus')
  }
}

class FakeApp extends EventEmitter {
  /** What was asked of it, in order. */
  readonly done: string[] = []
  locked = true
  userData = '/nowhere'
  languages = ['en-US']
  #becomeReady = (): void => {}
  #ready = new Promise<void>((resolve) => {
    this.#becomeReady = resolve
  })

  requestSingleInstanceLock(): boolean {
    this.done.push('lock')
    return this.locked
  }
  enableSandbox(): void {
    this.done.push('enableSandbox')
  }
  async whenReady(): Promise<void> {
    return this.#ready
  }
  async becomeReady(): Promise<void> {
    this.done.push('ready')
    this.#becomeReady()
    await new Promise((resolve) => setImmediate(resolve))
  }
  quit(): void {
    this.done.push('quit')
  }
  exit(code: number): void {
    this.done.push(`exit ${code}`)
  }
  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`${name} is not asked for here`)
    return this.userData
  }
  isPackaged = false
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.done.push(`opens ${scheme}:`)
    return true
  }
  getVersion(): string {
    return '1.2.3'
  }
  getPreferredSystemLanguages(): string[] {
    return this.languages
  }
}

export const app = new FakeApp()

export const protocol = {
  schemes: [] as unknown[],
  registerSchemesAsPrivileged(schemes: unknown[]): void {
    app.done.push('registerSchemesAsPrivileged')
    protocol.schemes.push(...schemes)
  }
}

export class FakeSession {
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>()
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>): void => {
      this.handlers.set(scheme, handler)
    }
  }
  onRequest: Handler | undefined
  onCheck: Handler | undefined
  onDevice: Handler | undefined
  setPermissionRequestHandler(handler: Handler): void {
    this.onRequest = handler
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.onCheck = handler
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.onDevice = handler
  }
}

export const session = { defaultSession: new FakeSession() }

export const shell = {
  opened: [] as string[],
  openExternal: async (url: string): Promise<void> => {
    shell.opened.push(url)
  }
}

/** Whoever asks the network gets what `answer` says; keeps what was asked. */
export const net = {
  asked: [] as [url: string, init: RequestInit][],
  answer: async (): Promise<Response> => new Response(),
  /** Like Electron's, it rejects as soon as the signal aborts. */
  fetch: async (url: string, init: RequestInit): Promise<Response> => {
    net.asked.push([url, init])
    const aborted = new Promise<never>((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    })
    return Promise.race([net.answer(), aborted])
  }
}

export const ipcMain = {
  handlers: new Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>>(),
  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => Promise<unknown>): void {
    ipcMain.handlers.set(channel, handler)
  }
}

class FakeIpcRenderer extends EventEmitter {
  readonly asked: unknown[][] = []
  async invoke(...question: unknown[]): Promise<unknown> {
    this.asked.push(question)
    return 'answer'
  }
}

export const ipcRenderer = new FakeIpcRenderer()

export const contextBridge = {
  exposed: new Map<string, unknown>(),
  exposeInMainWorld(name: string, api: unknown): void {
    contextBridge.exposed.set(name, api)
  }
}

/** Encrypts by turning bytes around; `key` must be the same for reading. */
export const safeStorage = {
  available: true,
  backend: 'gnome_libsecret',
  key: 'a',
  outdated: false,
  encryptions: 0,
  isAsyncEncryptionAvailable: async (): Promise<boolean> => safeStorage.available,
  getSelectedStorageBackend: (): string => safeStorage.backend,
  encryptStringAsync: async (text: string): Promise<Buffer> => {
    safeStorage.encryptions += 1
    return Buffer.from(Buffer.from(safeStorage.key + text, 'utf8').toReversed())
  },
  decryptStringAsync: async (bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> => {
    const text = Buffer.from(bytes.toReversed()).toString('utf8')
    if (!text.startsWith(safeStorage.key)) throw new Error('the key is another one')
    return { result: text.slice(safeStorage.key.length), shouldReEncrypt: safeStorage.outdated }
  }
}

export const powerMonitor = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: false }

export const Menu = {
  shown: undefined as unknown,
  buildFromTemplate: (template: unknown): unknown => template,
  setApplicationMenu(menu: unknown): void {
    Menu.shown = menu
  }
}

export const BrowserWindow = FakeBrowserWindow
