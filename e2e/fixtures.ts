// What every spec starts from: a relay of its own, and people who open clients that reach it through a cable each.
import { test as base, expect } from '@playwright/test'
import { Client } from './client.ts'
import { Link } from './link.ts'
import { loopback } from './places.ts'
import type { Place } from './places.ts'
import { RelayProcess } from './relay-process.ts'
import { ShellHost } from './shell-host.ts'

export { expect }

export interface Person {
  client: Client
  link: Link
}

export interface World {
  relay: RelayProcess
  /**
   * Opens a browser for one person. `from: 'shell'`: the client comes from an origin of its own, as in the desktop shell, and starts
   * without the relay. `from: 'relay'`: the relay serves it.
   */
  open(from: 'shell' | 'relay'): Promise<Person>
}

interface Options {
  place: Place
  registration: 'open' | 'invite'
}

export const test = base.extend<Options & { world: World }>({
  place: [loopback, { option: true }],
  registration: ['open', { option: true }],
  world: async ({ place, registration, launchOptions }, provide) => {
    const shell = await ShellHost.start()
    const shellUrl = `http://${place.host}:${shell.port}`
    const relay = await RelayProcess.start({ registration, corsOrigins: shellUrl })
    const people: Person[] = []
    await provide({
      relay,
      async open(from) {
        const link = await Link.to(() => relay.port)
        const relayUrl = `http://${place.host}:${link.port}`
        const where = from === 'relay' ? { pageUrl: relayUrl } : { pageUrl: shellUrl, relayUrl }
        const person = { client: await Client.open({ place, launch: launchOptions, ...where }), link }
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
    await shell.stop()
    expect(complaints, 'the browser complained').toEqual([])
  }
})
