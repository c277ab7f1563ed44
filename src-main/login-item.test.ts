import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLoginItem, wasStartedAtLogin } from './login-item.ts'
import type { LoginItem } from './login-item.ts'
import { app } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let configFolder: string
const FILE = 'autostart/chat.maru.Maru.desktop'

beforeEach(async () => {
  app.done.length = 0
  app.loginItem = {
    openAtLogin: false,
    executableWillLaunchAtLogin: false,
    status: 'not-registered',
    wasOpenedAtLogin: false
  }
  app.loginItemTakes = true
  configFolder = await mkdtemp(join(tmpdir(), 'maru-config-'))
})

afterEach(async () => {
  await rm(configFolder, { recursive: true })
})

function of(platform: NodeJS.Platform, program = '/opt/Maru/maru', isPackaged = true): LoginItem {
  return createLoginItem({ platform, isPackaged, program, configFolder })
}

describe('starting at login', () => {
  it.each(['linux', 'win32', 'darwin', 'freebsd'] as const)(
    'is nothing for an app that is not installed: %s',
    async (platform) => {
      const item = of(platform, '/usr/bin/electron', false)
      expect([item.possible, await item.isOn()]).toEqual([false, false])
      await expect(item.set(true)).rejects.toThrow('installed')
      await item.set(false)
      expect([app.done, await readdir(configFolder)]).toEqual([[], []])
    }
  )

  it('on Linux, is a file of the desktop that starts the app without a window', async () => {
    const item = of('linux')
    expect([item.possible, await item.isOn()]).toEqual([true, false])
    await item.set(true)
    expect(await readFile(join(configFolder, FILE), 'utf8')).toBe(
      '[Desktop Entry]\nType=Application\nName=Maru\nExec="/opt/Maru/maru" --hidden\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n'
    )
    expect(await of('linux').isOn()).toBe(true)
    await item.set(false)
    expect([await item.isOn(), await readdir(join(configFolder, 'autostart'))]).toEqual([false, []])
  })

  it('on Linux, quotes whatever a folder may be called', async () => {
    await of('linux', '/home/민지/My "Apps" $HOME 100%\\a`b/Maru.AppImage').set(true)
    const text = await readFile(join(configFolder, FILE), 'utf8')
    expect(text).toContain(
      String.raw`Exec="/home/민지/My \\"Apps\\" \\$HOME 100%%\\\\a\\` + String.raw`${'`'}b/Maru.AppImage" --hidden`
    )
  })

  it('on Linux, an entry that the person has switched off in the desktop is off, and stays so', async () => {
    const item = of('linux')
    await item.set(true)
    const path = join(configFolder, FILE)
    const on = await readFile(path, 'utf8')
    for (const off of [`${on}Hidden=true\n`, on.replace('enabled=true', 'enabled=false')]) {
      await writeFile(path, off)
      expect(await item.isOn()).toBe(false)
      await of('linux', '/elsewhere/maru').refresh()
      expect(await readFile(path, 'utf8')).toBe(off)
    }
  })

  it('on Linux, follows an AppImage that has moved, where it is on', async () => {
    await of('linux', '/new/Maru.AppImage').refresh()
    expect(await readdir(configFolder)).toEqual([])
    await of('linux', '/old/Maru.AppImage').set(true)
    await of('linux', '/new/Maru.AppImage').refresh()
    expect(await readFile(join(configFolder, FILE), 'utf8')).toContain('"/new/Maru.AppImage"')
  })

  it('on Linux, rejects where the file cannot be written', async () => {
    await writeFile(join(configFolder, 'autostart'), 'in the way')
    await expect(of('linux').set(true)).rejects.toThrow('autostart')
  })

  it('on Windows, is asked for and looked for with the same arguments', async () => {
    const item = of('win32')
    await item.set(true)
    expect(await item.isOn()).toBe(true)
    expect(app.done).toContain('login item {"openAtLogin":true,"args":["--hidden"]}')
    expect(new Set(app.done.filter((each) => each.startsWith('login item?')))).toEqual(
      new Set(['login item? {"args":["--hidden"]}'])
    )
    // Switched off in the task manager, it stays in the list.
    app.loginItem = { ...app.loginItem, executableWillLaunchAtLogin: false }
    expect(await item.isOn()).toBe(false)
    await item.set(false)
    expect(app.loginItem.openAtLogin).toBe(false)
  })

  it('on macOS, is not on before the person has approved it, and then nothing was asked for', async () => {
    const item = of('darwin')
    await item.set(true)
    expect([await item.isOn(), app.done]).toEqual([
      true,
      ['login item {"openAtLogin":true}', 'login item? {}', 'login item? {}']
    ])
    app.loginItem = { ...app.loginItem, status: 'requires-approval' }
    expect(await item.isOn()).toBe(false)
    app.loginItemTakes = false
    await expect(item.set(true)).rejects.toThrow('did not change')
    expect(app.done.at(-1)).toBe('login item {"openAtLogin":false}')
  })

  it('is told by macOS itself, where no argument can', () => {
    expect(wasStartedAtLogin('darwin')).toBe(false)
    app.loginItem = { ...app.loginItem, wasOpenedAtLogin: true }
    expect([wasStartedAtLogin('darwin'), wasStartedAtLogin('win32'), wasStartedAtLogin('linux')]).toEqual([
      true,
      false,
      false
    ])
  })
})
