// One person at one installation: a browser with a profile of its own that survives restarts, and the page as that person uses it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect } from '@playwright/test'
import type { BrowserContext, LaunchOptions, Locator, Page } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import type { Place } from './places.ts'

export const PASSWORD = 'correct horse battery'

export interface ClientOptions {
  place: Place
  /** Where the client is loaded from. */
  pageUrl: string
  /** The relay to sign in to; undefined where the page comes from the relay itself. */
  relayUrl?: string
  launch: LaunchOptions
}

export class Client {
  /** What the browser complained about: errors of the page and of its content security policy. */
  readonly complaints: string[] = []
  readonly #options: ClientOptions
  readonly #profile: string
  #context: BrowserContext
  #page: Page

  private constructor(options: ClientOptions, profile: string, context: BrowserContext, page: Page) {
    this.#options = options
    this.#profile = profile
    this.#context = context
    this.#page = page
    this.#listen()
  }

  static async open(options: ClientOptions): Promise<Client> {
    const profile = await mkdtemp(join(tmpdir(), 'maru-profile-'))
    const { context, page } = await launch(options, profile)
    return new Client(options, profile, context, page)
  }

  get page(): Page {
    return this.#page
  }

  /** Closes the browser and starts it again with the same profile, as after switching the machine off and on. */
  async restart(): Promise<void> {
    await this.#context.close()
    const { context, page } = await launch(this.#options, this.#profile)
    this.#context = context
    this.#page = page
    this.#listen()
  }

  async dispose(): Promise<void> {
    await this.#context.close()
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  async signUp(displayName: string, code?: string): Promise<void> {
    await this.#fillRelay()
    const create = this.page.getByRole('button', { name: en.signIn.toCreate })
    if (await create.isVisible()) await create.click()
    await this.page.getByLabel(en.signIn.username, { exact: true }).fill(displayName.toLowerCase())
    await this.page.getByLabel(en.signIn.displayName).fill(displayName)
    await this.page.getByLabel(en.signIn.password, { exact: true }).fill(PASSWORD)
    if (code !== undefined) await this.page.getByLabel(/(Owner|Invite) code/).fill(code)
    await this.page.getByRole('button', { name: en.signIn.createSubmit }).click()
    await this.seesRooms()
  }

  async signIn(displayName: string, password = PASSWORD): Promise<void> {
    await this.#fillRelay()
    const instead = this.page.getByRole('button', { name: en.signIn.toSignIn })
    if (await instead.isVisible()) await instead.click()
    await this.page.getByLabel(en.signIn.username, { exact: true }).fill(displayName.toLowerCase())
    await this.page.getByLabel(en.signIn.password, { exact: true }).fill(password)
    await this.page.getByRole('button', { name: en.signIn.submit, exact: true }).click()
  }

  async seesRooms(): Promise<void> {
    await expect(this.page.getByRole('heading', { name: en.rooms.title })).toBeVisible()
  }

  async createRoom(name: string, people: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: en.rooms.newRoom }).click()
    const dialog = this.page.getByRole('dialog', { name: en.newRoom.title })
    await dialog.getByLabel(en.newRoom.name).fill(name)
    for (const person of people) await dialog.getByRole('checkbox', { name: person }).check()
    await dialog.getByRole('button', { name: en.newRoom.create }).click()
    await expect(this.timeline(name)).toBeVisible()
  }

  async openRoom(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: en.rooms.title }).getByRole('link', { name }).click()
    await expect(this.timeline(name)).toBeVisible()
  }

  timeline(room: string): Locator {
    return this.page.getByRole('log', { name: en.timeline.label(room) })
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: en.composer.label })
  }

  async send(...bodies: string[]): Promise<void> {
    for (const body of bodies) {
      await this.composer.fill(body)
      await this.composer.press('Enter')
    }
  }

  /** The badge says this, sooner or later. */
  async badge(words: string): Promise<void> {
    await expect(this.page.getByRole('status').filter({ hasText: words }).first()).toBeVisible({ timeout: 20_000 })
  }

  /** The texts of the messages that are drawn, top to bottom. */
  async messages(room: string): Promise<string[]> {
    return this.timeline(room).getByTestId('message-body').allTextContents()
  }

  /** Own messages that wait, as the timeline marks them. */
  waiting(room: string): Locator {
    return this.timeline(room).getByLabel(en.timeline.waiting)
  }

  async #fillRelay(): Promise<void> {
    const field = this.page.getByLabel(en.signIn.relay)
    await expect(this.page.getByLabel(en.signIn.username, { exact: true })).toBeVisible()
    if (this.#options.relayUrl !== undefined) await field.fill(this.#options.relayUrl)
  }

  #listen(): void {
    this.#page.on('pageerror', (error) => this.complaints.push(error.message))
    this.#page.on('console', (message) => {
      const text = message.text()
      // The browser itself reports each request that fails, and cut cables make many.
      const network = /net::ERR_|^Failed to load resource|^WebSocket connection to .* failed/
      if (message.type() === 'error' && !network.test(text)) this.complaints.push(text)
    })
  }
}

async function launch(options: ClientOptions, profile: string): Promise<{ context: BrowserContext; page: Page }> {
  const { args = [], ...rest } = options.launch
  const context = await chromium.launchPersistentContext(profile, {
    ...rest,
    args: [...args, ...options.place.browserArgs],
    locale: 'en-US',
    // High enough that a few dozen messages are drawn at once.
    viewport: { width: 1100, height: 2600 }
  })
  const page = context.pages()[0] ?? (await context.newPage())
  await page.goto(options.pageUrl)
  expect(await page.evaluate(() => window.isSecureContext)).toBe(options.place.secure)
  return { context, page }
}
