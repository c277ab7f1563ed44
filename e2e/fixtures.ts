// What every spec starts from: a relay of its own, and people who open clients that reach it through a cable each.
import { test as base, expect } from '@playwright/test'
import type { Browser } from '@playwright/test'
import { en } from '../src-renderer/texts/en.ts'
import type { Texts } from '../src-renderer/texts/texts.ts'
import { Client } from './client.ts'
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
    await provide({
      relay,
      async open(from, texts = en) {
        const link = await Link.to(() => relay.port)
        const relayUrl = `http://${place.host}:${link.port}`
        const named = from === 'relay' ? {} : { relayUrl }
        const options: ClientOptions =
          shell === 'electron'
            ? { place, texts, desktop: true, ...(from === 'relay' ? { suggestedRelay: relayUrl } : named) }
            : { place, texts, shared, launch: launchOptions, pageUrl: from === 'relay' ? relayUrl : shellUrl, ...named }
        const person = { client: await Client.open(options), link }
        people.push(person)
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
