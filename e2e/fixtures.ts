// What every spec starts from: a relay of its own, and people who open clients that reach it through a cable each.
import { test as base, expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { relayAnswerSchema, sessionAnswerSchema } from '../protocol/rest.ts'
import type { SessionAnswer } from '../protocol/rest.ts'
import { en } from '../src-renderer/texts/en.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { Client, PASSWORD } from './client.ts'
import type { ClientOptions } from './client.ts'
import { Link } from './link.ts'
import { loopback } from './places.ts'
import type { Place } from './places.ts'
import { RelayProcess } from './relay-process.ts'
import { ShellHost } from './shell-host.ts'

export { expect }

/** Of a spec in which everybody has a browser of their own whose profile survives it: where it is restarted or killed, or what it keeps is looked at. */
export const KEPT = '@kept-profiles'

export interface Person {
  client: Client
  link: Link
}

export interface World {
  relay: RelayProcess
  /**
   * Opens a client for one person. `from: 'shell'`: it comes from an origin of its own and starts without the relay, whose address the
   * person types. `from: 'relay'`: the relay serves it; the desktop app is started for that relay.
   * @param texts the person's language; English unless said otherwise
   */
  open(from: 'shell' | 'relay', texts?: Texts): Promise<Person>
  /** The same for somebody who has an account and is signed in, and sees their rooms: in a browser without going through the first run. */
  arrive(from: 'shell' | 'relay', displayName: string, texts?: Texts): Promise<Person>
}

interface WorkerOptions {
  /** What the people of a spec have: a browser, or the desktop app. */
  shell: 'web' | 'electron'
  /** One that all people may share who need none of their own; undefined in the desktop app. */
  sharedBrowser: Browser | undefined
}

interface Options {
  place: Place
  registration: 'open' | 'invite'
}

export const test = base.extend<Options & { world: World }, WorkerOptions>({
  shell: ['web', { option: true, scope: 'worker' }],
  place: [loopback, { option: true }],
  registration: ['open', { option: true }],
  sharedBrowser: [
    async ({ shell, playwright, launchOptions }, provide) => {
      const browser = shell === 'web' ? await playwright.chromium.launch(launchOptions) : undefined
      await provide(browser)
      await browser?.close()
    },
    { scope: 'worker' }
  ],
  world: async ({ shell, place, registration, launchOptions, sharedBrowser }, provide, { tags }) => {
    const shared = tags.includes(KEPT) || place.browserArgs.length > 0 ? undefined : sharedBrowser
    const host = await ShellHost.start()
    const shellUrl = `http://${place.host}:${host.port}`
    const relay = await RelayProcess.start({ registration, corsOrigins: shellUrl })
    const people: Person[] = []
    const open = async (from: 'shell' | 'relay', texts: Texts, signedInAs?: string): Promise<Person> => {
      const link = await Link.to(() => relay.port)
      const relayUrl = `http://${place.host}:${link.port}`
      const named = from === 'relay' ? {} : { relayUrl }
      const options: ClientOptions =
        shell === 'electron'
          ? { place, texts, desktop: true, ...(from === 'relay' ? { suggestedRelay: relayUrl } : named) }
          : { place, texts, shared, launch: launchOptions, pageUrl: from === 'relay' ? relayUrl : shellUrl, ...named }
      const session = signedInAs === undefined ? undefined : await makeAccount(relay.url, signedInAs)
      const before = session && (async (page: Page) => keepSession(page, { ...session, relayUrl }))
      const person = { client: await Client.open(options, before), link }
      people.push(person)
      return person
    }
    await provide({
      relay,
      open: async (from, texts = en) => open(from, texts),
      async arrive(from, displayName, texts = en) {
        if (shell === 'electron') {
          const person = await open(from, texts)
          await person.client.signUp(displayName)
          return person
        }
        const person = await open(from, texts, displayName)
        await person.client.seesRooms()
        return person
      }
    })
    const complaints = people.flatMap(({ client }) => client.complaints)
    for (const { client, link } of people) {
      await client.dispose()
      await link.cut()
    }
    await relay.dispose()
    await host.stop()
    expect(complaints, 'the browser complained').toEqual([])
  }
})

/** What the client keeps of somebody who is signed in (src-renderer/session.ts). */
type Kept = SessionAnswer & { relayId: string }

async function makeAccount(url: string, displayName: string): Promise<Kept> {
  const { relay } = relayAnswerSchema.parse(await (await fetch(`${url}/api/v1/relay`)).json())
  const answer = await fetch(`${url}/api/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: displayName.toLowerCase(), password: PASSWORD, displayName, deviceName: 'Linux' })
  })
  const session = await answer.json()
  if (!answer.ok) throw new Error(`${displayName} got no account: ${JSON.stringify(session)}`)
  return { ...sessionAnswerSchema.parse(session), relayId: relay.id }
}

/** On a page of the client's origin that does not run the client. On the disk, as src-renderer/platform/durable-storage.ts keeps it. */
async function keepSession(page: Page, session: Kept & { relayUrl: string }): Promise<void> {
  const devices = { [`${session.relayId}/${session.user.username}`]: session.deviceId }
  const items = { 'maru.session': JSON.stringify(session), 'maru.devices': JSON.stringify(devices) }
  await page.evaluate(async (items) => {
    for (const [key, text] of Object.entries({ ...items, 'maru.writes': '1' })) window.localStorage.setItem(key, text)
    const opening = window.indexedDB.open('maru-kept', 1)
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('rows'))
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.addEventListener('success', () => resolve(opening.result))
      opening.addEventListener('error', () => reject(opening.error ?? new Error('IndexedDB gave no reason')))
    })
    const writing = database.transaction('rows', 'readwrite', { durability: 'strict' })
    writing.objectStore('rows').put({ writes: 1, items }, 'all')
    await new Promise((resolve, reject) => {
      writing.addEventListener('complete', resolve)
      writing.addEventListener('abort', reject)
    })
    database.close()
  }, items)
}
