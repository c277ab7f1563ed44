// A profile that was copied, as a backup or a cloned machine does: both go on, and neither loses what is written while it becomes another device.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { BrowserContext, Page } from '@playwright/test'
import { newId } from '../protocol/values.ts'
import { en } from '../src-renderer/texts/en.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'

const ROOM = 'Hall'

test('[S2.4] a copied profile goes on as another device, and what is typed meanwhile is sent', async ({
  world,
  launchOptions
}) => {
  const { relay } = world
  const ask = async (path: string, body?: unknown, token = ''): Promise<unknown> => {
    const answer = await fetch(`${relay.url}/api/v1${path}`, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    })
    expect(answer.ok).toBe(true)
    return answer.json()
  }
  const account = { username: 'minji', password: PASSWORD, displayName: 'Minji' }
  const { token, deviceId, user } = (await ask('/accounts', account)) as Record<string, string>
  const roomId = newId()
  await ask('/rooms', { id: roomId, kind: 'group', name: ROOM }, token)
  const { relay: identity } = (await ask('/relay')) as { relay: { id: string } }

  const { client, link } = await world.open('shell')
  const pageUrl = client.page.url().split('#')[0] ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'maru-copy-'))
  const contexts: BrowserContext[] = []
  const start = async (name: string): Promise<Page> => {
    const context = await chromium.launchPersistentContext(join(folder, name), { ...launchOptions, locale: 'en-US' })
    contexts.push(context)
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(pageUrl)
    return page
  }
  const enter = async (page: Page): Promise<void> =>
    page.getByRole('navigation', { name: en.rooms.title }).getByRole('link', { name: ROOM }).click()
  const send = async (page: Page, ...bodies: string[]): Promise<void> => {
    for (const body of bodies) {
      await page.getByRole('textbox', { name: en.composer.label }).fill(body)
      await page.getByRole('textbox', { name: en.composer.label }).press('Enter')
    }
  }
  const seen = async (page: Page): Promise<string[]> =>
    page.getByRole('log').getByTestId('message-body').allTextContents()
  const nothingWaits = async (page: Page): Promise<void> =>
    expect(page.getByRole('log').getByLabel(en.timeline.waiting)).toHaveCount(0, { timeout: 20_000 })

  const first = await start('one')
  const session = { relayUrl: `http://127.0.0.1:${link.port}`, relayId: identity.id, deviceId, token, user }
  await first.evaluate((text) => window.localStorage.setItem('maru.session', text), JSON.stringify(session))
  await first.reload()
  await enter(first)
  await send(first, 'before')
  await nothingWaits(first)
  await link.cut()
  await send(first, 'in both')
  await expect.poll(() => seen(first)).toEqual(['before', 'in both'])
  await contexts[0]?.close()
  await cp(join(folder, 'one'), join(folder, 'two'), { recursive: true })
  await link.heal()

  const one = await start('one')
  await enter(one)
  await send(one, 'a1', 'a2')
  await nothingWaits(one)
  const two = await start('two')
  await enter(two)
  // It learns that it is a copy while these are written.
  await send(two, 'b1', 'b2', 'b3')
  await expect.poll(() => seen(one), { timeout: 20_000 }).toEqual(['before', 'in both', 'a1', 'a2', 'b1', 'b2', 'b3'])
  await nothingWaits(two)
  expect(await seen(two)).toEqual(await seen(one))
  for (const context of contexts.slice(1)) await context.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})
