// The desktop app signed in to two relays, with a bridge that stands for its shell: what comes from the one behind is counted and notified, both outlive a
// restart, and signing out of one leaves the other.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { BrowserContext, LaunchOptions, Page } from '@playwright/test'
import { newId } from '../protocol/values.ts'
import type { Notice } from '../src-renderer/platform/bridge.ts'
import { en } from '../src-renderer/texts/en.ts'
import { PASSWORD } from './client.ts'
import { expect, test } from './fixtures.ts'
import { RelayProcess } from './relay-process.ts'
import { ShellHost } from './shell-host.ts'

/** What the shell keeps and shows; it outlives the page. */
class Shell {
  secret: string | null = null
  readonly notices = new Map<string, Notice>()
  badge = 0

  async into(context: BrowserContext): Promise<void> {
    await context.exposeFunction('shellLoad', () => this.secret)
    await context.exposeFunction('shellSave', (text: string | null) => {
      this.secret = text
      return 'encrypted'
    })
    await context.exposeFunction('shellShow', (notice: Notice) => void this.notices.set(notice.tag, notice))
    await context.exposeFunction('shellWithdraw', (tag: string) => void this.notices.delete(tag))
    await context.exposeFunction('shellShown', () => [...this.notices.values()])
    await context.exposeFunction('shellBadge', (count: number) => {
      this.badge = count
    })
    await context.addInitScript(() => {
      const shell = globalThis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      const never = () => () => undefined
      const clicks: ((place: unknown) => void)[] = []
      shell['clickNotice'] = async (place) => {
        for (const open of clicks) open(place)
      }
      Object.assign(globalThis, {
        maruDesktop: {
          facts: async () => ({ platform: 'linux', version: '1' }),
          secret: {
            load: async () => shell['shellLoad']?.(),
            save: async (text: string) => shell['shellSave']?.(text),
            forget: async () => shell['shellSave']?.(null),
            kept: async () => 'encrypted'
          },
          whyUnreachable: async () => 'unknown',
          onResume: never,
          takeLink: async () => null,
          onLink: never,
          notifications: {
            show: async (notice: unknown) => shell['shellShow']?.(notice),
            withdraw: async (tag: unknown) => shell['shellWithdraw']?.(tag),
            shown: async () => shell['shellShown']?.(),
            badge: async (count: unknown) => shell['shellBadge']?.(count),
            onOpen: (open: (place: unknown) => void) => {
              clicks.push(open)
              return () => undefined
            },
            onReply: never
          }
        }
      })
    })
  }
}

/** A relay with a room in which somebody talks to Minji. */
class Village {
  readonly relay: RelayProcess
  #roomId = ''
  #token = ''

  private constructor(relay: RelayProcess) {
    this.relay = relay
  }

  static async found(corsOrigins: string, room: string): Promise<Village> {
    const village = new Village(await RelayProcess.start({ corsOrigins }))
    const [minji, joon] = [await village.#join('minji', 'Minji'), await village.#join('joon', 'Joon')]
    village.#token = joon.token
    village.#roomId = newId()
    await village.#post('/rooms', { id: village.#roomId, kind: 'group', name: room, memberIds: [minji.user.id] })
    return village
  }

  /** Joon says it. */
  async say(body: string): Promise<void> {
    await this.#post(`/rooms/${this.#roomId}/messages`, { id: newId(), body })
  }

  /** Minji ends the sessions of all her other devices, from elsewhere. */
  async endSessions(): Promise<void> {
    const account = { username: 'minji', password: PASSWORD, deviceName: 'elsewhere' }
    const { token } = await this.#post<{ token: string }>('/sessions', account)
    const headers = { authorization: `Bearer ${token}` }
    await fetch(`${this.relay.url}/api/v1/sessions?keep=current`, { method: 'DELETE', headers })
  }

  async #join(username: string, displayName: string): Promise<{ token: string; user: { id: string } }> {
    return this.#post('/accounts', { username, displayName, password: PASSWORD })
  }

  async #post<Answer>(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` }
    const answer = await fetch(`${this.relay.url}/api/v1${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body)
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
}

async function openApp(shell: Shell, profile: string, url: string, launch: LaunchOptions): Promise<Page> {
  const context = await chromium.launchPersistentContext(profile, { ...launch, locale: 'en-US' })
  await shell.into(context)
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(url)
  return page
}

async function signIn(page: Page, relay: RelayProcess): Promise<void> {
  await page.getByLabel(en.signIn.relay).fill(relay.url)
  await page.getByLabel(en.signIn.username, { exact: true }).fill('minji')
  await page.getByLabel(en.signIn.password, { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: en.signIn.submit, exact: true }).click()
}

test('signed in to two relays at once', async ({ launchOptions }) => {
  const host = await ShellHost.start()
  const url = `http://127.0.0.1:${host.port}`
  const [home, work] = await Promise.all([Village.found(url, 'Kitchen'), Village.found(url, 'Plans')])
  const profile = await mkdtemp(join(tmpdir(), 'maru-profile-'))
  const shell = new Shell()
  let page = await openApp(shell, profile, url, launchOptions)

  const strip = () => page.getByRole('navigation', { name: en.relays.title })
  const entry = ({ relay }: Village) => strip().getByRole('button', { name: new URL(relay.url).host })
  const room = (name: string) => page.getByRole('navigation', { name: en.rooms.title }).getByRole('link', { name })
  const noticeOf = (title: string) => [...shell.notices.values()].find((notice) => notice.title === title)

  await page.getByRole('button', { name: en.signIn.toSignIn }).click()
  await signIn(page, home.relay)
  await expect(room('Kitchen')).toBeVisible()
  await expect(strip()).toHaveCount(0)

  await page.getByRole('button', { name: en.settings.open }).click()
  await page.getByRole('button', { name: en.relays.add }).click()
  await page.getByRole('button', { name: en.signIn.toSignIn }).click()
  await signIn(page, home.relay)
  await expect(page.getByText(en.errors['already-signed-in'])).toBeVisible()
  await signIn(page, work.relay)
  await expect(room('Plans')).toBeVisible()
  await expect(room('Kitchen')).toHaveCount(0)
  await expect(entry(work)).toHaveAttribute('aria-current', 'true')

  await home.say('soup is ready')
  await expect(entry(home)).toHaveAccessibleName(new RegExp(en.rooms.unread('1')))
  await expect.poll(() => [shell.badge, noticeOf('Kitchen')?.count]).toEqual([1, 1])

  // The notification of the one behind brings it to the front, at the message.
  await page.evaluate(
    (place) => (globalThis as unknown as { clickNotice: (to: unknown) => void }).clickNotice(place),
    noticeOf('Kitchen')?.place
  )
  await expect(page.getByRole('log', { name: en.timeline.label('Kitchen') })).toContainText('soup is ready')
  await expect(page).toHaveTitle(en.productName)
  await expect.poll(() => [...shell.notices.keys()]).toEqual([])
  await work.say('the plan has changed')
  await expect(page).toHaveTitle(`(1) ${en.productName}`)
  await expect.poll(() => [shell.badge, noticeOf('Plans')?.count]).toEqual([1, 1])

  await page.context().close()
  page = await openApp(shell, profile, url, launchOptions)
  await expect(entry(home)).toHaveAttribute('aria-current', 'true')
  await expect(entry(work)).toHaveAccessibleName(new RegExp(en.rooms.unread('1')))
  await work.say('and again')
  await expect(page).toHaveTitle(`(2) ${en.productName}`)

  await page.keyboard.press('Control+2')
  await room('Plans').click()
  const plans = page.getByRole('log', { name: en.timeline.label('Plans') })
  await expect(plans).toContainText('and again')
  await page.getByRole('textbox', { name: en.composer.label }).fill('seen')
  await page.keyboard.press('Enter')
  await expect(plans).toContainText('seen')

  // A session that was ended asks to sign in there; the other relay goes on, and the way in can be left again.
  await home.endSessions()
  await expect(entry(home)).toHaveAccessibleName(new RegExp(en.relays.signedOut))
  await expect(entry(work)).not.toHaveAccessibleName(new RegExp(en.relays.signedOut))
  await entry(home).click()
  await page.getByRole('button', { name: en.connection.signInAgain }).click()
  await page.getByRole('button', { name: en.cancel, exact: true }).click()
  await expect(room('Kitchen')).toBeVisible()
  await page.getByRole('button', { name: en.connection.signInAgain }).click()
  await expect(page.getByLabel(en.signIn.username, { exact: true })).toHaveValue('minji')
  await page.getByLabel(en.signIn.password, { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: en.signIn.submit, exact: true }).click()
  await expect(entry(home)).toHaveAttribute('aria-current', 'true')
  await expect(entry(home)).not.toHaveAccessibleName(new RegExp(en.relays.signedOut))
  await entry(work).click()

  await page.getByRole('button', { name: en.rooms.signOut }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.rooms.signOutAndDelete }).click()
  await expect(strip()).toHaveCount(0)
  await home.say('still here?')
  await expect(room('Kitchen')).toBeVisible()
  await expect(page).toHaveTitle(`(1) ${en.productName}`)
  await expect
    .poll(() => [shell.badge, [...shell.notices.values()].map(({ title }) => title)])
    .toEqual([1, ['Kitchen']])
  expect((JSON.parse(shell.secret ?? '') as { tokens: unknown[] }).tokens).toHaveLength(1)

  await page.context().close()
  await Promise.all([home.relay.dispose(), work.relay.dispose(), host.stop()])
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
})
