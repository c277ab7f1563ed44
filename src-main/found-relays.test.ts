// Finding relays with real sockets, on loopback and a port of the test's own.
import type { Answer } from 'dns-packet'
import makeMdns from 'multicast-dns'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { findRelays } from './found-relays.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

const loopback = { address: '127.0.0.1', bits: 8 }

const recordsOf = (relayId: string, address: string, ttl: number): Answer[] => {
  const instance = `Home of ${relayId}._maru._tcp.local`
  return [
    { name: '_maru._tcp.local', type: 'PTR', ttl, data: instance },
    { name: instance, type: 'SRV', ttl, data: { port: 4100, target: `maru-${relayId}.local` } },
    { name: instance, type: 'TXT', ttl, data: ['v=1', `id=${relayId}`, 'p=1', `fp=${'a'.repeat(64)}`] },
    { name: `maru-${relayId}.local`, type: 'A', ttl, data: address }
  ]
}
const found = (relayId: string): FoundRelay => ({
  relayId,
  name: `Home of ${relayId}`,
  url: 'https://127.0.0.1:4100',
  fingerprint: 'a'.repeat(64)
})

/** Somebody who answers questions for relays. */
async function responder(port: number, relayId: string, address = '127.0.0.1', from = '127.0.0.1') {
  const mdns = makeMdns({ interface: from, bind: '0.0.0.0', port })
  ends.push(() => mdns.destroy())
  mdns.on('query', ({ questions }) => {
    if (questions?.some(({ name, type }) => name === '_maru._tcp.local' && type === 'PTR'))
      mdns.respond({ answers: recordsOf(relayId, address, 120) })
  })
  await once(mdns, 'ready')
  return { say: (ttl: number) => mdns.respond({ answers: recordsOf(relayId, address, ttl) }), mdns }
}

/** A search that is waited for until what is found is as expected. */
function search(port: number, networks = [loopback]) {
  const heard: (readonly FoundRelay[])[] = []
  const waiting: (() => void)[] = []
  const stop = findRelays({
    onChange: (found) => {
      heard.push(found)
      for (const wake of waiting.splice(0)) wake()
    },
    onProblem: (problem) => {
      throw problem
    },
    networks: () => networks,
    mdnsPort: port
  })
  ends.push(stop)
  return {
    heard,
    until: async (count: number) => {
      while (heard.at(-1)?.length !== count) await new Promise<void>((resolve) => waiting.push(resolve))
      return heard.at(-1)
    }
  }
}

describe('finding relays', () => {
  it('asks at once, hears who answers, and who takes it back', async () => {
    const port = await freePort()
    const { say } = await responder(port, 'relay-1')
    const { heard, until } = search(port)
    expect(heard).toEqual([[]])
    expect(await until(1)).toEqual([found('relay-1')])
    say(0)
    expect(await until(0)).toEqual([])
    expect(heard).toHaveLength(3)
  })

  it('passes over addresses of other networks, and what does not come from the port of mDNS', async () => {
    const port = await freePort()
    // It sends without being bound, so from a port of the system's choice.
    const stranger = makeMdns({ interface: '127.0.0.1', bind: false, port })
    ends.push(() => stranger.destroy())
    const far = await responder(port, 'far', '192.168.77.1')
    const elsewhere = await responder(port, 'elsewhere', '127.0.0.1', '127.0.0.2')
    const near = await responder(port, 'near')
    const { heard, until } = search(port, [{ address: '127.0.0.1', bits: 32 }])
    await until(1)
    far.say(120)
    elsewhere.say(120)
    const answers = recordsOf('stranger', '127.0.0.1', 120)
    await new Promise<void>((resolve) => stranger.respond({ answers }, () => resolve()))
    near.say(0)
    await until(0)
    expect(heard).toEqual([[], [found('near')], []])
  })

  it('hears nobody who is not in one of its networks', async () => {
    const port = await freePort()
    const { say, mdns } = await responder(port, 'relay-1')
    const { heard } = search(port, [])
    say(120)
    await once(mdns, 'response')
    expect(heard).toEqual([[]])
  })

  it('after its stop it hears nothing any more', async () => {
    const port = await freePort()
    const { heard } = search(port)
    for (const end of ends.splice(0)) end()
    const { say, mdns } = await responder(port, 'relay-1')
    say(120)
    await once(mdns, 'response')
    expect(heard).toEqual([[]])
  })

  it('networks that cannot be joined are a problem for developers, not for the search', async () => {
    const problems: unknown[] = []
    let told: () => void = () => {}
    const problem = new Promise<void>((resolve) => (told = resolve))
    const heard: (readonly FoundRelay[])[] = []
    ends.push(
      findRelays({
        onChange: (found) => heard.push(found),
        onProblem: (each) => {
          problems.push(each)
          told()
        },
        networks: () => [{ address: '203.0.113.7', bits: 24 }],
        mdnsPort: await freePort()
      })
    )
    await problem
    expect(heard).toEqual([[]])
  })
})
