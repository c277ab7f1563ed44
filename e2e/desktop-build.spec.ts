// What can be said of the desktop app without starting it: its built files, and the client at its bridge, in a browser.
import { readdir, readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { newId } from '../protocol/values.ts'
import { root } from '../scripts/setup.mjs'
import { en } from '../src-renderer/texts/en.ts'
import { Client } from './client.ts'
import { expect, test } from './fixtures.ts'
import { loopback } from './places.ts'
import { ShellHost } from './shell-host.ts'

test('the built preload needs nothing that a sandbox lacks', async () => {
  const text = await readFile(join(root, 'out/preload/preload.cjs'), 'utf8')
  const required: string[] = []
  const exposed: string[] = []
  const contextBridge = { exposeInMainWorld: (name: string) => exposed.push(name) }
  const electron = { contextBridge, ipcRenderer: { on: () => {} } }
  runInNewContext(text, {
    require: (name: string) => {
      required.push(name)
      return electron
    },
    module: { exports: {} },
    exports: {}
  })
  expect({ required, exposed }).toEqual({ required: ['electron'], exposed: ['maruDesktop'] })
})

test('the built main process brings everything along and awaits nothing at its top level', async () => {
  const folder = join(root, 'out/main')
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'))
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8')
    const imported = [...text.matchAll(/^import (?:.* from )?"([^"]+)"/gm)].map((match) => match[1] ?? '')
    const foreign = imported.filter((each) => !each.startsWith('.') && !isBuiltin(each))
    expect([name, foreign]).toEqual([name, name === 'host.js' || foreign.length === 0 ? [] : ['electron']])
    expect(text).not.toMatch(/^(await|for await)\b|^(const|let|var) .*= await\b/m)
  }
  expect(names).toContain('index.js')
})

test('the built client starts under the policy of app://', async ({ launchOptions }) => {
  const host = await ShellHost.start(join(root, 'out/renderer'))
  const pageUrl = `http://127.0.0.1:${host.port}`
  const client = await Client.open({ place: loopback, pageUrl, launch: launchOptions })
  await expect(client.page.getByRole('heading').first()).toBeVisible()
  const complaints = client.complaints
  await client.dispose()
  await host.stop()
  expect(complaints).toEqual([])
})

test('with a bridge, the token is the secret’s and a restart of the page finds it; links are followed; without the token one signs in again', async ({
  world
}) => {
  const { client } = await world.open('shell')
  const { page } = client
  let secret: string | null = null
  let resume = 0
  await page.exposeFunction('secretLoad', () => secret)
  await page.exposeFunction('secretSave', (text: string) => {
    secret = text
    return 'this-run-only'
  })
  await page.exposeFunction('secretForget', () => {
    secret = null
  })
  let link: string | null = null
  await page.exposeFunction('linkTake', () => {
    const taken = link
    link = null
    return taken
  })
  await page.exposeFunction('resumeHeard', () => {
    resume += 1
  })
  await page.addInitScript(() => {
    const outside = window as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    const bridge = {
      facts: async () => ({ platform: 'linux', version: '0.0.0' }),
      secret: {
        load: outside['secretLoad'],
        save: outside['secretSave'],
        forget: outside['secretForget'],
        kept: async () => 'this-run-only'
      },
      whyUnreachable: async () => 'unknown',
      onResume: () => {
        void outside['resumeHeard']?.()
        return () => {}
      },
      takeLink: outside['linkTake'],
      onLink: (told: () => void) => {
        Object.assign(window, { linkOpened: told })
        return () => {}
      }
    }
    Object.assign(window, { maruDesktop: bridge })
  })
  await page.reload()
  await client.signUp('Minji')
  await expect.poll(() => secret).toContain('"token"')
  const stored = async () => page.evaluate(() => JSON.stringify(Object.entries(window.localStorage)))
  expect(await stored()).toContain('maru.session')
  const [own] = (JSON.parse(secret ?? '') as { tokens: { token: string; relayUrl: string }[] }).tokens
  expect(own?.token).toBeTruthy()
  expect(await stored()).not.toContain(own?.token ?? '')
  expect(resume).toBe(1)

  await page.reload()
  await client.seesRooms()
  await client.badge(en.connection.connected)

  await page.keyboard.press('Control+,')
  await expect(page.getByText(en.settings.noKeyring)).toBeVisible()
  await page.keyboard.press('Escape')

  // Links of other programs: to a room here, at a relay elsewhere, and to nothing.
  const openLink = async (opened: string) => {
    link = opened
    await page.evaluate(() => (window as unknown as { linkOpened: () => void }).linkOpened())
  }
  const roomId = newId()
  await openLink(
    `maru://room?${new URLSearchParams({ relay: own?.relayUrl ?? '', room: roomId, seq: '7' }).toString()}`
  )
  await expect(page).toHaveURL(new RegExp(`#/room/${roomId}(/message/7)?$`))
  const told = page.getByRole('dialog', { name: en.openedLink.title })
  for (const [opened, words] of [
    [`maru://room?relay=https://other.example&room=${roomId}`, en.openedLink.to.elsewhere('https://other.example')],
    ['maru://somewhere', en.openedLink.notUnderstood]
  ] as const) {
    await openLink(opened)
    await expect(told).toContainText(words)
    await told.getByRole('button', { name: en.close }).click()
    await expect(told).toBeHidden()
  }

  // As after a restart without a keyring: everything on the device is there, and the person is told what to do.
  secret = null
  await page.reload()
  await client.seesRooms()
  await client.badge(en.connection.ended['signed-out'])
  await page.getByRole('button', { name: en.connection.signInAgain }).first().click()
  await client.signIn('Minji')
  await client.seesRooms()
  await client.badge(en.connection.connected)
})
