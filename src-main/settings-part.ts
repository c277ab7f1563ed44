// The settings as the page asks for them: what the file says, and what the system says about starting at login.
import { app, session } from 'electron'
import { join } from 'node:path'
import type { ShellSettingsPart } from '../src-renderer/platform/bridge.ts'
import { appImagePath } from './environment.ts'
import type { Answers } from './ipc.ts'
import { createLoginItem } from './login-item.ts'
import { createSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { startSpelling } from './spelling.ts'

export interface SettingsPartOptions {
  platform: NodeJS.Platform
  /** What this system and this build have besides; asked each time. */
  has: () => { tray: boolean; updates: boolean }
  onProblem: (problem: unknown) => void
}

export interface SettingsPart {
  settings: Settings
  answers: Pick<Answers, 'settings:load' | 'settings:change'>
}

/** Begins to hold what was set. Needs a ready app, and no page yet. */
export function startSettings({ platform, has, onProblem }: SettingsPartOptions): SettingsPart {
  const loginItem = createLoginItem({
    platform,
    isPackaged: app.isPackaged,
    program: appImagePath() ?? process.execPath,
    configFolder: app.getPath('appData')
  })
  const settings = createSettings({
    folder: join(app.getPath('userData'), 'maru'),
    platform,
    onProblem,
    carryOut: async ({ startAtLogin }) => {
      if (startAtLogin !== (await loginItem.isOn())) await loginItem.set(startAtLogin)
    }
  })
  startSpelling({
    session: session.defaultSession,
    settings,
    platform,
    languages: app.getPreferredSystemLanguages()
  })
  loginItem.refresh().catch(onProblem)

  const load: ShellSettingsPart['load'] = async () => ({
    settings: { ...settings.now(), startAtLogin: await loginItem.isOn() },
    can: {
      ...has(),
      startAtLogin: loginItem.possible,
      spelling: platform === 'darwin' ? 'system' : 'downloads'
    }
  })
  return {
    settings,
    answers: {
      'settings:load': load,
      // What people have switched in the system since then is not undone by another change.
      'settings:change': async (patch) => settings.change({ startAtLogin: await loginItem.isOn(), ...patch })
    }
  }
}
