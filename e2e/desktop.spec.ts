// What only the desktop app promises: its fences hold in a real Electron, and the session's token is not the page's to keep.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../scripts/setup.mjs'
import type { DesktopBridge, UpdateState } from '../src-renderer/platform/bridge.ts'
import { en } from '../src-renderer/texts/en.ts'
import { expect, KEPT, test } from './fixtures.ts'

test.describe('the desktop app', { tag: '@desktop' }, () => {
  test('gives the page one bridge, and nothing of Node or Electron', async ({ world }) => {
    const { page } = (await world.open('shell')).client
    const found = await page.evaluate(() => {
      const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in window
      )
      return { names, bridge: Object.keys((window as unknown as { maruDesktop: object }).maruDesktop) }
    })
    expect(found.names).toEqual([])
    expect(found.bridge.toSorted()).toEqual([
      'facts',
      'findRelays',
      'host',
      'notifications',
      'onIdle',
      'onLink',
      'onQuit',
      'onResume',
      'pin',
      'pinned',
      'secret',
      'settings',
      'takeLink',
      'tray',
      'unpin',
      'updates',
      'whyUnreachable'
    ])
  })

  test('runs no code that did not come with it', async ({ world }) => {
    const { client } = await world.open('shell')
    const blocked = await client.page.evaluate(async () => {
      const violation = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true
        })
      })
      const script = document.createElement('script')
      script.textContent = 'window.stranger = true'
      document.head.append(script)
      return { directive: await violation, ran: 'stranger' in window }
    })
    expect(blocked).toEqual({ directive: 'script-src-elem', ran: false })
    // This complaint of the browser was wanted.
    client.complaints.length = 0
  })

  test('says which version it is, and looks for no other where nobody has said where', async ({ world }) => {
    const { page } = (await world.open('shell')).client
    const told = await page.evaluate(async () => {
      const { facts, updates } = (window as unknown as { maruDesktop: Required<DesktopBridge> }).maruDesktop
      await updates.look()
      const state = await new Promise<UpdateState>((resolve) => updates.onState(resolve))
      return { version: (await facts()).version, state }
    })
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(told).toEqual({ version, state: { name: 'off' } })
  })

  test('goes nowhere else and opens no second window', async ({ world }) => {
    const { page } = (await world.open('shell')).client
    const before = page.url()
    expect(before).toBe('app://maru/index.html')
    expect(await page.evaluate(() => window.open('about:blank') === null)).toBe(true)
    await page.evaluate((url) => window.location.assign(url), world.relay.url)
    expect(await page.evaluate(async () => fetch('../secret.json').then(({ status }) => status))).toBe(404)
    expect(page.url()).toBe(before)
  })

  test(
    'is signed in after a restart, without the token in the storage of the page',
    { tag: KEPT },
    async ({ world }) => {
      const { client } = await world.open('relay')
      await client.signUp('Minji')
      const stored = async () => client.page.evaluate(() => JSON.stringify(Object.entries(window.localStorage)))
      expect(await stored()).toContain('maru.session')
      expect(await stored()).not.toContain('"token')
      await client.restart()
      await client.seesRooms()
      await client.badge(en.connection.connected)
    }
  )
})
