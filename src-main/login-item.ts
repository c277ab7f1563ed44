// Whether the system starts the app when its person signs in: by the system's own list on Windows and macOS, by a file of the desktop on Linux.
// The system decides, as people change it there too. Knows no settings.
import { app } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HIDDEN_ARGUMENT } from './arguments.ts'
import { APP_ID } from './app-id.ts'
import { removeWhole, writeWhole } from './whole-file.ts'

export interface LoginItem {
  /** False where the app was not installed: the system could not find it again. */
  readonly possible: boolean
  isOn(): Promise<boolean>
  /** Rejects when the system did not take it; then nothing has changed. */
  set(on: boolean): Promise<void>
  /** Where the file that is started has moved (another AppImage), it is found again. For the start of the app. */
  refresh(): Promise<void>
}

export interface LoginItemOptions {
  platform: NodeJS.Platform
  isPackaged: boolean
  /** What is to be started: `process.execPath`, or the AppImage. */
  program: string
  /** `$XDG_CONFIG_HOME` or `~/.config`; only Linux needs it. */
  configFolder: string
}

/** Needs a ready app. */
export function createLoginItem({ platform, isPackaged, program, configFolder }: LoginItemOptions): LoginItem {
  if (!isPackaged) return impossible
  if (platform === 'linux') return ofDesktopFile(join(configFolder, 'autostart', `${APP_ID}.desktop`), program)
  return platform === 'win32' || platform === 'darwin' ? ofSystemList(platform) : impossible
}

/** macOS passes no arguments to what it starts, but says so. Needs a ready app. */
export function wasStartedAtLogin(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin
}

const impossible: LoginItem = {
  possible: false,
  isOn: async () => false,
  set: async (on) => {
    if (on) throw new Error('only an installed app can be started at login')
  },
  refresh: async () => {}
}

function ofSystemList(platform: 'win32' | 'darwin'): LoginItem {
  const ask = platform === 'win32' ? { args: [HIDDEN_ARGUMENT] } : {}
  const isOn = (): boolean => {
    const { openAtLogin, executableWillLaunchAtLogin, status } = app.getLoginItemSettings(ask)
    // Both systems let people switch off what stays in the list.
    return openAtLogin && (platform === 'win32' ? executableWillLaunchAtLogin : status !== 'requires-approval')
  }
  return {
    possible: true,
    isOn: async () => isOn(),
    async set(on) {
      app.setLoginItemSettings({ openAtLogin: on, ...ask })
      if (isOn() === on) return
      if (on) app.setLoginItemSettings({ openAtLogin: false, ...ask })
      throw new Error('the system did not change its login items')
    },
    refresh: async () => {}
  }
}

function ofDesktopFile(path: string, program: string): LoginItem {
  const text = desktopFile(program)
  const current = async (): Promise<string | null> => {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
  const isOn = async (): Promise<boolean> => {
    const there = await current()
    return there !== null && !SWITCHED_OFF.test(there)
  }
  return {
    possible: true,
    isOn,
    set: async (on) => (on ? writeWhole(path, text) : removeWhole(path)),
    async refresh() {
      if ((await isOn()) && (await current()) !== text) await writeWhole(path, text)
    }
  }
}

/** How desktops switch off an entry without deleting it. */
const SWITCHED_OFF = /^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m

/** Desktop Entry Specification 1.5. */
function desktopFile(program: string): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Maru',
    `Exec=${execOf(program)} ${HIDDEN_ARGUMENT}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true'
  ]
  return `${lines.join('\n')}\n`
}

/** Quoted for the command line of an `Exec` key, where `%` begins a field code, and escaped once more, as every value of such a file is. */
function execOf(program: string): string {
  const quoted = `"${program.replaceAll(/["`$\\]/g, String.raw`\$&`)}"`
  return quoted.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
