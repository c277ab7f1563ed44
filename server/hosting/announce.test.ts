// Telling a network of a relay, with real sockets on loopback and a port of the test's own.
import type { Answer, RecordType } from 'dns-packet'
import makeMdns from 'multicast-dns'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lanTextSchema, MAX_LAN_NAME_CHARS } from '../../protocol/lan.ts'
import type { LanText } from '../../protocol/lan.ts'
import type { Timer } from '../clock.ts'
import { silentLog } from '../log.ts'
import { announceRelay, privateAddresses } from './announce.ts'
import type { AnnounceOptions, Announcement } from './announce.ts'
import { serviceLabel } from './lan-records.ts'

const TEXT: LanText = { v: '1', id: '93348217-e754-4e94-af09-4811b40b8fda', p: '1', fp: 'a'.repeat(64) }
/** Time goes 50 times as fast. */
const fast: Timer = (ms, run) => {
  const timeout = setTimeout(run, ms / 50)
  return () => clearTimeout(timeout)
}

/** Time goes on when it is told to. */
function byHand() {
  const waiting: { ms: number; run: () => void }[] = []
  const started: number[] = []
  let wake = () => {}
  const timer: Timer = (ms, run) => {
    const one = { ms, run }
    waiting.push(one)
    started.push(ms)
    wake()
    return () => void waiting.splice(waiting.indexOf(one), waiting.includes(one) ? 1 : 0)
  }
  const count = (ms: number) => started.filter((each) => each === ms).length
  return {
    timer,
    count,
    /** Until so many were started of this length. */
    until: async (ms: number, atLeast: number) => {
      while (count(ms) < atLeast) await new Promise<void>((resolve) => (wake = resolve))
    },
    fire: (ms: number) => {
      for (const one of waiting.filter((each) => each.ms === ms)) {
        waiting.splice(waiting.indexOf(one), 1)
        one.run()
      }
    }
  }
}
const [PROBE, ANSWER, SECOND] = [250, 20, 1_000]

let mdnsPort = 0
let ends: (() => unknown)[] = []
beforeEach(async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  mdnsPort = socket.address().port
  socket.close()
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function announce(more: Partial<AnnounceOptions> = {}): Announcement {
  const announcement = announceRelay({
    name: 'Kim’s home',
    address: '127.0.0.1',
    port: 4100,
    text: TEXT,
    log: silentLog,
    timer: fast,
    addresses: () => ['127.0.0.1'],
    mdnsPort,
    ...more
  })
  ends.push(() => announcement.stop())
  return announcement
}

interface Heard {
  type: 'query' | 'response'
  records: Answer[]
  from: string
}

/** Somebody on the network who hears everything. */
async function listener() {
  const mdns = makeMdns({ interface: '127.0.0.1', bind: '0.0.0.0', port: mdnsPort })
  ends.push(() => new Promise<void>((resolve) => mdns.destroy(resolve)))
  const heard: Heard[] = []
  const waiting: (() => void)[] = []
  const hear =
    (type: Heard['type']) => (packet: { answers?: Answer[]; authorities?: Answer[] }, rinfo: { address: string }) => {
      heard.push({ type, records: [...(packet.answers ?? []), ...(packet.authorities ?? [])], from: rinfo.address })
      for (const wake of waiting.splice(0)) wake()
    }
  mdns.on('query', hear('query'))
  mdns.on('response', hear('response'))
  await once(mdns, 'ready')
  const until = async (is: (each: Heard) => boolean): Promise<Heard> => {
    for (;;) {
      const found = heard.find(is)
      if (found) return found
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const told = () => until(({ type, records }) => type === 'response' && records.some(({ type }) => type === 'SRV'))
  const ask = (name: string, type: RecordType) => mdns.query({ questions: [{ name, type }] })
  return { heard, until, told, ask, mdns }
}

const of = <T extends Answer['type']>(records: readonly Answer[], type: T) =>
  records.filter((record): record is Extract<Answer, { type: T }> => record.type === type)

describe('telling a network of a relay', () => {
  it('asks whether the name is free, then says where the relay is: its address there and nothing else of the machine', async () => {
    const { heard, told } = await listener()
    const announcement = announce()
    expect(announcement.announced()).toBe(false)
    const { records } = await told()
    expect(heard.filter(({ type }) => type === 'query')).toHaveLength(3)
    expect(announcement.announced()).toBe(true)
    const instance = 'Kim’s home._maru._tcp.local'
    expect(of(records, 'PTR').map(({ name, data }) => [name, data])).toEqual([
      ['_maru._tcp.local', instance],
      ['_services._dns-sd._udp.local', '_maru._tcp.local']
    ])
    expect(of(records, 'SRV')).toMatchObject([
      { name: instance, data: { port: 4100, target: `maru-${TEXT.id}.local` } }
    ])
    expect(of(records, 'A')).toMatchObject([{ name: `maru-${TEXT.id}.local`, data: '127.0.0.1' }])
    const pairs = [of(records, 'TXT')[0]?.data ?? []].flat().map((each) => each.toString().split('='))
    expect(lanTextSchema.parse(Object.fromEntries(pairs))).toEqual(TEXT)
    expect(of(records, 'AAAA')).toEqual([])
  })

  /** One that has been announced, in a time that stands still since. */
  async function announced() {
    const time = byHand()
    const network = await listener()
    const announcement = announce({ timer: time.timer })
    for (let probe = 1; probe <= 3; probe++) {
      await time.until(PROBE, probe)
      time.fire(PROBE)
    }
    await network.told()
    return { time, announcement, ...network }
  }
  const isGoodbye = ({ type, records }: Heard) =>
    type === 'response' && records.some((record) => record.type === 'PTR' && record.ttl === 0)

  it('answers who asks, but all of one second at once', async () => {
    const { time, announcement, heard, ask, until } = await announced()
    for (let each = 0; each < 50; each++) ask('_maru._tcp.local', 'PTR')
    await time.until(ANSWER, 50)
    time.fire(ANSWER)
    time.fire(SECOND)
    await announcement.stop()
    await until(isGoodbye)
    // The first telling, the same again after a second, and the answer to all fifty; then it takes it back.
    expect(heard.filter(({ type }) => type === 'response')).toHaveLength(4)
  })

  it.each<[string, RecordType]>([
    ['_services._dns-sd._udp.local', 'PTR'],
    ['_MARU._tcp.local', 'PTR'],
    ['Kim’s home._maru._tcp.local', 'SRV'],
    ['Kim’s home._maru._tcp.local', 'TXT'],
    [`maru-${TEXT.id}.local`, 'A'],
    ['_maru._tcp.local', 'ANY' as RecordType]
  ])('is asked by %s %s', async (name, type) => {
    const { time, ask } = await announced()
    ask(name, type)
    await time.until(ANSWER, 1)
    expect(time.count(ANSWER)).toBe(1)
  })

  it('does not answer for others', async () => {
    const { time, ask, mdns } = await announced()
    ask('_ipp._tcp.local', 'PTR')
    ask('Kim’s home._maru._tcp.local', 'AAAA')
    ask('Other._maru._tcp.local', 'SRV')
    const data = { port: 9, target: 'maru-other.local' }
    mdns.respond({ answers: [{ name: 'Kim’s home._maru._tcp.local', type: 'SRV', ttl: 120, data }] })
    // It has heard the last of them, and so those before.
    await time.until(PROBE, 4)
    expect(time.count(ANSWER)).toBe(0)
  })

  it('takes it back at its stop, and not what other relays say', async () => {
    const { told, until } = await listener()
    const announcement = announce()
    await told()
    await announcement.stop()
    const { records } = await until(
      ({ type, records }) =>
        type === 'response' && records.some(({ type, ...rest }) => type === 'PTR' && 'ttl' in rest && rest.ttl === 0)
    )
    expect(records.every((record) => 'ttl' in record && record.ttl === 0)).toBe(true)
    expect(of(records, 'PTR').map(({ name }) => name)).toEqual(['_maru._tcp.local'])
    expect(announcement.announced()).toBe(false)
    await announcement.stop()
  })

  it('a name that another relay has gets a suffix, in the asking and later', async () => {
    const { until, mdns } = await listener()
    const other = (name: string) =>
      mdns.respond({
        answers: [{ name, type: 'SRV', ttl: 120, data: { port: 1, target: 'maru-other.local' } }]
      })
    mdns.on('query', ({ questions }) => {
      if (questions?.[0]?.name === 'Kim’s home._maru._tcp.local') other('KIM’s home._maru._tcp.local')
    })
    const announcement = announce()
    const names = (each: Heard): string[] => of(each.records, 'PTR').map(({ data }) => data)
    await until((each) => each.type === 'response' && names(each).includes('Kim’s home (9334)._maru._tcp.local'))
    other('Kim’s home (9334)._maru._tcp.local')
    await until((each) => each.type === 'response' && names(each).includes('Kim’s home (93348217)._maru._tcp.local'))
    expect(announcement.announced()).toBe(true)
  })

  it('itself on another network, or as it was before, is nobody else; nor is who takes the name back', async () => {
    const { time, mdns, ask } = await announced()
    const say = (target: string, ttl: number) =>
      mdns.respond({ answers: [{ name: 'Kim’s home._maru._tcp.local', type: 'SRV', ttl, data: { port: 9, target } }] })
    say(`MARU-${TEXT.id}.local`, 120)
    say('maru-other.local', 0)
    ask('Kim’s home._maru._tcp.local', 'SRV')
    await time.until(ANSWER, 1)
    // It has asked for no other name.
    expect(time.count(PROBE)).toBe(3)
  })

  it('tells it anew after a sleep', async () => {
    const { heard, told, until } = await listener()
    const announcement = announce()
    await told()
    const seen = heard.length
    announcement.again()
    await until(
      (each) =>
        heard.indexOf(each) >= seen &&
        each.type === 'response' &&
        of(each.records, 'PTR').some(({ ttl = 0 }) => ttl > 0)
    )
    expect(announcement.announced()).toBe(true)
  })

  it.each([
    ['a public address', '203.0.113.5'],
    ['loopback', '127.0.0.1'],
    ['an address that is gone', '192.168.99.1']
  ])('tells nobody of a relay on %s, and goes on', async (_what, address) => {
    const announcement = announce({ address, addresses: () => ['192.168.0.7'] })
    expect(announcement.announced()).toBe(false)
    announcement.again()
    await announcement.stop()
  })

  it('a network that cannot be told is one that is not told', async () => {
    // Of nobody's machine: it can be joined by nothing.
    const announcement = announce({ address: '203.0.113.9', addresses: () => ['203.0.113.9'] })
    const { mdns } = await listener()
    mdns.query({ questions: [{ name: '_maru._tcp.local', type: 'PTR' }] })
    await once(mdns, 'query')
    await announcement.stop()
    expect(announcement.announced()).toBe(false)
  })
})

describe('where it is told', () => {
  it('are addresses of private networks, IPv4', () => {
    const info = (address: string, more: object = {}) =>
      ({ address, netmask: '', mac: '', internal: false, family: 'IPv4', cidr: null, ...more }) as const
    const interfaces = {
      lo: [info('127.0.0.1', { internal: true })],
      eth0: [info('192.168.0.7'), info('fd00::1', { family: 'IPv6' }), info('203.0.113.5')],
      wlan0: [info('10.0.0.2'), info('172.15.0.1'), info('172.16.0.1'), info('169.254.3.4')],
      vpn: [info('100.64.0.1')]
    } as Parameters<typeof privateAddresses>[0]
    expect(privateAddresses(interfaces)).toEqual(['192.168.0.7', '10.0.0.2', '172.16.0.1', '169.254.3.4'])
  })
})

describe('a name of a relay as a part of a DNS name', () => {
  it.each([
    ['Kim’s home', 'Kim’s home'],
    ['Dr. Kim\u0000\n\u202e at home.', 'Dr Kim at home'],
    [' . ', 'Maru'],
    ['', 'Maru']
  ])('%j', (name, label) => {
    expect(serviceLabel(name, '')).toBe(label)
  })

  it('is at most 63 bytes, with its suffix, and cuts no letter', () => {
    for (const letter of ['a', '가', '🏠', 'é']) {
      for (const suffix of ['', '9334', '93348217']) {
        const label = serviceLabel(letter.repeat(MAX_LAN_NAME_CHARS), suffix)
        expect(Buffer.byteLength(label)).toBeLessThanOrEqual(63)
        expect(label.endsWith(suffix === '' ? letter : `(${suffix})`)).toBe(true)
      }
    }
  })
})
