// One person at one installation: a browser or the desktop app, with a profile of its own that survives restarts, and the page as that person uses it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import { hostingTextsEn } from '../src-renderer/texts/hosting-texts.en.ts'
import { hostingTextsKo } from '../src-renderer/texts/hosting-texts.ko.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { startDesktopApp, startInBrowser } from './installations.ts'
import type { AsDesktopApp, BeforeStart, InBrowser, Running } from './installations.ts'

export const PASSWORD = 'correct horse battery'

export type ClientOptions = (InBrowser | AsDesktopApp) & {
  /** The relay to name when signing in; undefined where the client knows it: from where it came, or from its command line. */
  relayUrl?: string
  /** In which language the person has it: English, unless said otherwise. */
  texts?: Texts
}

export class Client {
  /** What the browser complained about: errors of the page and of its content security policy. */
  readonly complaints: string[] = []
  readonly #options: ClientOptions
  readonly #profile: string
  #running: Running

  private constructor(options: ClientOptions, profile: string, running: Running) {
    this.#options = options
    this.#profile = profile
    this.#running = running
    this.#listen()
  }

  /** @param beforeStart not in the desktop app */
  static async open(options: ClientOptions, beforeStart?: BeforeStart): Promise<Client> {
    const profile = await mkdtemp(join(tmpdir(), 'maru-profile-'))
    return new Client(options, profile, await start(options, profile, beforeStart))
  }

  get texts(): Texts {
    return this.#options.texts ?? en
  }

  get page(): Page {
    return this.#running.page
  }

  /** The main process of the desktop app. */
  get desktop(): ElectronApplication {
    const { app } = this.#running
    if (!app) throw new Error('this client runs in a browser: tag the spec @desktop')
    return app
  }

  /** Ends the browser or app and starts it again with the same profile, as after switching the machine off and on. */
  async restart(beforeStart?: BeforeStart): Promise<void> {
    if ('shared' in this.#options && this.#options.shared) throw new Error('nothing is kept there: tag the spec KEPT')
    await this.#running.close()
    await this.start(beforeStart)
  }

  /** Ends the desktop app and starts it again as the system does when somebody opens a link. */
  async restartBy(link: string): Promise<void> {
    if (!('desktop' in this.#options)) throw new Error('a browser is started by no link: tag the spec @desktop')
    await this.#running.close()
    this.#running = await start({ ...this.#options, link }, this.#profile)
    this.#listen()
  }

  /** Ends every process of the browser or app at once, as a power failure does. `start` follows. */
  async kill(): Promise<void> {
    await this.#running.kill()
  }

  /** After `kill`, with the same profile. */
  async start(beforeStart?: BeforeStart): Promise<void> {
    this.#running = await start(this.#options, this.#profile, beforeStart)
    this.#listen()
  }

  async dispose(): Promise<void> {
    await this.#running.close()
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  /** All of the first run; the first room is left for later. `led`: an invite leads into rooms, so that none has to be made. */
  async signUp(displayName: string, code?: string, { led = false } = {}): Promise<void> {
    await this.askForAccount(displayName, code)
    if (!led) {
      await expect(this.page.getByRole('heading', { name: this.texts.firstRun.roomTitle })).toBeVisible()
      await this.page.getByRole('button', { name: this.texts.firstRun.skip }).click()
    }
    await this.seesRooms()
  }

  /** The first run up to the relay's answer. */
  async askForAccount(displayName: string, code?: string): Promise<void> {
    await this.introduce(displayName)
    await this.#fillRelay()
    await this.page.getByLabel(this.texts.signIn.username, { exact: true }).fill(displayName.toLowerCase())
    await this.page.getByLabel(this.texts.signIn.password, { exact: true }).fill(PASSWORD)
    if (code !== undefined)
      await this.page
        .getByLabel(new RegExp(`${this.texts.signIn.ownerCode}|${this.texts.signIn.inviteCode}`))
        .fill(code)
    await this.page.getByRole('button', { name: this.texts.signIn.createSubmit }).click()
  }

  /** The first screen: who one is. */
  async introduce(displayName: string): Promise<void> {
    await this.#seesDoor()
    const newHere = this.page.getByRole('button', { name: this.texts.signIn.toCreate })
    if (await newHere.isVisible()) await newHere.click()
    await this.page.getByLabel(this.texts.signIn.displayName).fill(displayName)
    await this.page.getByRole('button', { name: this.texts.firstRun.next }).click()
  }

  async signIn(displayName: string, password = PASSWORD): Promise<void> {
    await this.#seesDoor()
    const instead = this.page.getByRole('button', { name: this.texts.signIn.toSignIn })
    if (await instead.isVisible()) await instead.click()
    await this.#fillRelay()
    await this.page.getByLabel(this.texts.signIn.username, { exact: true }).fill(displayName.toLowerCase())
    await this.page.getByLabel(this.texts.signIn.password, { exact: true }).fill(password)
    await this.page.getByRole('button', { name: this.texts.signIn.submit, exact: true }).click()
  }

  async seesRooms(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: this.texts.rooms.title, exact: true })).toBeVisible()
  }

  async createRoom(name: string, people: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: this.texts.rooms.newRoom }).click()
    const dialog = this.page.getByRole('dialog', { name: this.texts.newRoom.title })
    await dialog.getByLabel(this.texts.newRoom.name).fill(name)
    for (const person of people) await dialog.getByRole('checkbox', { name: person }).check()
    await dialog.getByRole('button', { name: this.texts.newRoom.create }).click()
    await expect(this.timeline(name)).toBeVisible()
  }

  async openRoom(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: this.texts.rooms.title }).getByRole('link', { name }).click()
    await expect(this.timeline(name)).toBeVisible()
  }

  timeline(room: string): Locator {
    return this.page.getByRole('log', { name: this.texts.timeline.label(room) })
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.texts.composer.label })
  }

  async send(...bodies: string[]): Promise<void> {
    for (const body of bodies) {
      await this.composer.fill(body)
      await this.composer.press('Enter')
    }
  }

  /** The badge says this, sooner or later: a device that has tried in vain for a while waits up to 30 s. */
  async badge(words: string): Promise<void> {
    await expect(this.page.getByRole('status').filter({ hasText: words }).first()).toBeVisible({ timeout: 45_000 })
  }

  /** The texts of the messages that are drawn, top to bottom. */
  async messages(room: string): Promise<string[]> {
    return this.timeline(room).getByTestId('message-body').allTextContents()
  }

  /** Own messages that wait, as the timeline marks them. */
  waiting(room: string): Locator {
    return this.timeline(room).getByLabel(this.texts.timeline.waiting)
  }

  async #seesDoor(): Promise<void> {
    const door = this.page.getByRole('heading', { name: this.texts.firstRun.whoTitle })
    await expect(door.or(this.page.getByRole('heading', { name: this.texts.signIn.title }))).toBeVisible()
  }

  /** In the desktop app, the way to a relay is chosen before the account. */
  async #fillRelay(): Promise<void> {
    const { page, texts } = this
    const words = (texts.locale === 'ko' ? hostingTextsKo : hostingTextsEn).ways
    const username = page.getByLabel(texts.signIn.username, { exact: true })
    const ways = page.getByRole('heading', { name: words.title })
    await expect(username.or(ways)).toBeVisible()
    if (this.#options.relayUrl !== undefined) await page.getByLabel(texts.signIn.relay).fill(this.#options.relayUrl)
    if (await ways.isVisible()) await page.getByRole('button', { name: words.go, exact: true }).click()
    await expect(username).toBeVisible()
  }

  #listen(): void {
    this.page.on('pageerror', (error) => this.complaints.push(error.message))
    this.page.on('console', (message) => {
      const text = message.text()
      // The browser itself reports each request that fails, and cut cables make many.
      const network = /net::ERR_|^Failed to load resource|^WebSocket connection to .* failed/
      if (message.type() === 'error' && !network.test(text)) this.complaints.push(text)
    })
  }
}

async function start(options: ClientOptions, profile: string, beforeStart?: BeforeStart): Promise<Running> {
  const locale = (options.texts ?? en).locale === 'ko' ? 'ko-KR' : 'en-US'
  if (!('desktop' in options)) return startInBrowser({ ...options, locale }, profile, beforeStart)
  if (beforeStart) throw new Error('the desktop app has no page beside the client')
  return startDesktopApp({ ...options, locale }, profile)
}
