// A small stand-in for the parts of Electron that src-main uses, for `vi.mock('electron', …)`. Keeps what it was told; does nothing.
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'

type Handler = (...args: never[]) => unknown

type CertificateHandler = (
  request: { hostname: string; certificate: { data: string }; verificationResult: string },
  callback: (result: number) => void
) => void

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
  crashed = false
  isCrashed(): boolean {
    return this.crashed
  }
  readonly session = new FakeSession()
  readonly replaced: string[] = []
  replaceMisspelling(word: string): void {
    this.replaced.push(word)
  }
  forcefullyCrashRenderer(): void {
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 1 })
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
    this.emit('show')
  }
  hide(): void {
    this.done.push('hide')
  }
  fullScreen = false
  isFullScreen(): boolean {
    return this.fullScreen
  }
  /** Takes its time, as on macOS: the test emits `leave-full-screen`. */
  setFullScreen(on: boolean): void {
    this.done.push(`full screen ${on}`)
  }
  isDestroyed(): boolean {
    return this.webContents.destroyed
  }
  overlay: { image: FakeNativeImage | null; description: string } | undefined
  setOverlayIcon(image: FakeNativeImage | null, description: string): void {
    this.overlay = { image, description }
  }
  /** As the person closes it: true when nobody held it. */
  tryToClose(): boolean {
    let held = false
    this.emit('close', { preventDefault: () => (held = true) })
    if (!held) this.done.push('closed')
    return !held
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
  /** Asks as Electron does before it quits: true when nobody held it up. */
  tryToQuit(): boolean {
    let held = false
    this.emit('before-quit', { preventDefault: () => (held = true) })
    return !held
  }
  badgeCount = 0
  setBadgeCount(count: number): boolean {
    this.badgeCount = count
    return true
  }
  setToastActivatorCLSID(id: string): void {
    this.done.push(`is started by ${id}`)
  }
  setAppUserModelId(id: string): void {
    this.done.push(`is ${id}`)
  }
  exit(code: number): void {
    this.done.push(`exit ${code}`)
  }
  appData = '/nowhere/config'
  getPath(name: string): string {
    if (name === 'userData') return this.userData
    if (name === 'appData') return this.appData
    throw new Error(`${name} is not asked for here`)
  }
  /** What the system says; `takes` false: it changes nothing. */
  loginItem = {
    openAtLogin: false,
    executableWillLaunchAtLogin: false,
    status: 'not-registered',
    wasOpenedAtLogin: false
  }
  loginItemTakes = true
  getLoginItemSettings(options?: object): FakeApp['loginItem'] {
    this.done.push(`login item? ${JSON.stringify(options ?? {})}`)
    return this.loginItem
  }
  setLoginItemSettings(settings: { openAtLogin?: boolean }): void {
    this.done.push(`login item ${JSON.stringify(settings)}`)
    if (!this.loginItemTakes) return
    const openAtLogin = settings.openAtLogin ?? false
    this.loginItem = {
      ...this.loginItem,
      openAtLogin,
      executableWillLaunchAtLogin: openAtLogin,
      status: openAtLogin ? 'enabled' : 'not-registered'
    }
  }
  isPackaged = false
  relaunches: { args?: string[]; execPath?: string }[] = []
  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    this.relaunches.push(options)
  }
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

export class FakeSession extends EventEmitter {
  flushes = 0
  flushStorageData(): void {
    this.flushes += 1
  }
  readonly availableSpellCheckerLanguages = ['de', 'en-GB', 'en-US', 'ko']
  /** As Chromium begins: by the system's language, and on. */
  spelling = { on: true, languages: ['en-US'] }
  readonly addedWords: string[] = []
  addWordToSpellCheckerDictionary(word: string): boolean {
    this.addedWords.push(word)
    return true
  }
  setSpellCheckerEnabled(on: boolean): void {
    this.spelling = { ...this.spelling, on }
  }
  setSpellCheckerLanguages(languages: string[]): void {
    const unknown = languages.find((each) => !this.availableSpellCheckerLanguages.includes(each))
    if (unknown !== undefined) throw new Error(`Invalid language code provided: ${unknown}`)
    this.spelling = { ...this.spelling, languages }
  }
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
  onCertificate: CertificateHandler | undefined
  closed = 0
  setCertificateVerifyProc(handler: CertificateHandler): void {
    this.onCertificate = handler
  }
  async closeAllConnections(): Promise<void> {
    this.closed += 1
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

export const clipboard = {
  text: '',
  async writeText(text: string): Promise<void> {
    clipboard.text = text
  }
}

interface Box {
  message: string
  buttons?: string[]
  cancelId?: number
  signal?: AbortSignal
}

/** Each box stays until the test answers it, or its signal closes it as if it was cancelled. */
export const dialog = {
  boxes: [] as (Box & { window: unknown; answer: (response: number) => void })[],
  async showMessageBox(...args: [window: unknown, box: Box] | [box: Box]): Promise<{ response: number }> {
    const [window, box] = args.length === 2 ? args : [null, ...args]
    return new Promise((resolve) => {
      const answer = (response: number): void => {
        dialog.boxes = dialog.boxes.filter((each) => each !== shown)
        resolve({ response })
      }
      const shown = { ...box, window, answer }
      dialog.boxes.push(shown)
      box.signal?.addEventListener('abort', () => answer(box.cancelId ?? 0), { once: true })
    })
  },
  /** What the person chooses; empty: nothing. */
  chosen: [] as string[],
  asked: [] as unknown[],
  async showOpenDialog(...args: [window: unknown, wish: object] | [wish: object]): Promise<{
    canceled: boolean
    filePaths: string[]
  }> {
    dialog.asked.push(args.at(-1))
    return { canceled: dialog.chosen.length === 0, filePaths: dialog.chosen }
  }
}

export const ipcMain = {
  handlers: new Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>>(),
  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => Promise<unknown>): void {
    ipcMain.handlers.set(channel, handler)
  }
}

class FakeIpcRenderer extends EventEmitter {
  /** By channel; what is not here is answered somehow. */
  readonly answers = new Map<string, unknown>()
  readonly asked: unknown[][] = []
  async invoke(...question: unknown[]): Promise<unknown> {
    this.asked.push(question)
    return this.answers.has(String(question[0])) ? this.answers.get(String(question[0])) : 'answer'
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

class FakePowerMonitor extends EventEmitter {
  idleSeconds = 0
  locked = false
  getSystemIdleTime(): number {
    return this.idleSeconds
  }
  getSystemIdleState(thresholdSeconds: number): string {
    if (this.locked) return 'locked'
    return this.idleSeconds >= thresholdSeconds ? 'idle' : 'active'
  }
}

export const powerMonitor = new FakePowerMonitor()
export const nativeTheme = { shouldUseDarkColors: false }

export const Menu = {
  shown: undefined as unknown,
  /** Those that came up under the mouse. */
  popups: [] as { template: unknown; options: unknown }[],
  buildFromTemplate: (template: object): object =>
    Object.defineProperty(template, 'popup', {
      value: (options: unknown) => void Menu.popups.push({ template, options })
    }),
  setApplicationMenu(menu: unknown): void {
    Menu.shown = menu
  }
}

export class FakeNativeImage {
  readonly representations: { scaleFactor?: number; dataURL?: string }[] = []
  template = false
  addRepresentation(options: { scaleFactor?: number; dataURL?: string }): void {
    this.representations.push(options)
  }
  setTemplateImage(on: boolean): void {
    this.template = on
  }
}

export const nativeImage = {
  createEmpty: (): FakeNativeImage => new FakeNativeImage(),
  createFromDataURL: (dataURL: string): FakeNativeImage => {
    const image = new FakeNativeImage()
    image.addRepresentation({ dataURL })
    return image
  }
}

interface FakeMenuItem {
  label?: string
  type?: string
  checked?: boolean
  enabled?: boolean
  click?: () => void
}

export class Tray extends EventEmitter {
  static trays: Tray[] = []
  static refused = false
  image: FakeNativeImage
  menus: FakeMenuItem[][] = []
  tooltip = ''
  constructor(image: FakeNativeImage) {
    super()
    if (Tray.refused) throw new Error('there is no tray here')
    this.image = image
    Tray.trays.push(this)
  }
  setImage(image: FakeNativeImage): void {
    this.image = image
  }
  setContextMenu(menu: FakeMenuItem[]): void {
    this.menus.push(menu)
  }
  setToolTip(text: string): void {
    this.tooltip = text
  }
  /** Of the menu that is shown now, by what it says. */
  item(label: string): FakeMenuItem {
    const found = this.menus.at(-1)?.find((each) => each.label === label)
    if (!found) throw new Error(`there is no ${label} in the menu`)
    return found
  }
}

export class Notification extends EventEmitter {
  /** All that were ever made. */
  static made: Notification[] = []
  static onActivation: ((details: { type: string; arguments: string; reply?: string }) => void) | undefined
  static handleActivation(callback: (details: { type: string; arguments: string; reply?: string }) => void): void {
    Notification.onActivation = callback
  }
  static onScreen(): Notification[] {
    return Notification.made.filter(({ visible }) => visible)
  }
  readonly id: string
  title: string
  body: string
  silent: boolean
  hasReply = false
  replyPlaceholder = ''
  urgency = 'low'
  visible = false
  shows = 0
  constructor({ id = '', title = '', body = '', silent = false } = {}) {
    super()
    this.id = id
    this.title = title
    this.body = body
    this.silent = silent
    Notification.made.push(this)
  }
  show(): void {
    this.visible = true
    this.shows += 1
  }
  /** Whoever closes it by code is told no more of it. */
  close(): void {
    this.visible = false
  }
}

export const BrowserWindow = FakeBrowserWindow

/** A process that says and does nothing by itself. */
export class FakeUtilityProcess extends EventEmitter {
  readonly sent: unknown[] = []
  readonly stderr = new PassThrough()
  killed = false
  postMessage(message: unknown): void {
    this.sent.push(message)
  }
  kill(): boolean {
    this.killed = true
    return true
  }
}

export const utilityProcess = {
  forked: [] as { modulePath: string; args: string[]; options: Record<string, unknown>; process: FakeUtilityProcess }[],
  fork(modulePath: string, args: string[], options: Record<string, unknown>): FakeUtilityProcess {
    const process = new FakeUtilityProcess()
    utilityProcess.forked.push({ modulePath, args, options, process })
    return process
  }
}
