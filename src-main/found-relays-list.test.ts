// What is made of what anybody on the network may say.
import type { Answer } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { MAX_FOUND_RELAYS, MAX_LAN_NAME_CHARS } from '../protocol/lan.ts'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { createFoundList } from './found-relays-list.ts'
import { isInNetworks, privateNetworks } from './own-networks.ts'

interface Said {
  name?: string
  ttl?: number
  port?: unknown
  text?: (string | Buffer)[]
  addresses?: string[]
  target?: string
}
const FP = 'b'.repeat(64)
const TEXT = ['v=1', 'id=relay-1', 'p=1', `fp=${FP}`]

function said({
  name = 'Home',
  ttl = 120,
  port = 4100,
  text = TEXT,
  addresses = ['192.168.0.7'],
  target = 'nas.local'
}: Said) {
  const instance = `${name}._maru._tcp.local`
  return [
    { name: '_Maru._tcp.local', type: 'PTR', ttl, data: instance },
    { name: instance.toUpperCase(), type: 'SRV', ttl, data: { port, target } },
    { name: instance, type: 'TXT', ttl, data: text },
    ...addresses.map((data) => ({ name: target, type: 'A', ttl, data }))
  ] as Answer[]
}

function list() {
  const heard: (readonly FoundRelay[])[] = []
  const found = createFoundList((each) => heard.push(each))
  const isNear = (address: string) => isInNetworks([{ address: '192.168.0.2', bits: 24 }], address)
  return { heard, found, tell: (each: Said, nowMs = 0) => found.told(said(each), isNear, nowMs) }
}

const home: FoundRelay = { relayId: 'relay-1', name: 'Home', url: 'https://192.168.0.7:4100', fingerprint: FP }

describe('the list of found relays', () => {
  it('has what was told once, until it is taken back or its time is over', () => {
    const { heard, found, tell } = list()
    tell({})
    tell({}, 60_000)
    expect(heard).toEqual([[home]])
    found.expire(179_999)
    expect(heard).toHaveLength(1)
    found.expire(180_000)
    expect(heard).toEqual([[home], []])
    tell({}, 200_000)
    tell({ ttl: 0 }, 200_001)
    expect(heard).toEqual([[home], [], [home], []])
  })

  it('whoever says that it lasts for years is forgotten all the same', () => {
    const { heard, found, tell } = list()
    tell({ ttl: 2_000_000_000 })
    found.expire(75 * 60_000)
    expect(heard.at(-1)).toEqual([])
  })

  it('plain http where there is no certificate, and the first address that is near', () => {
    const { heard, tell } = list()
    tell({ text: TEXT.slice(0, 3), addresses: ['203.0.113.5', '192.168.0.9', '192.168.0.7'] })
    expect(heard).toEqual([[{ relayId: 'relay-1', name: 'Home', url: 'http://192.168.0.9:4100' }]])
  })

  it.each<[string, Said]>([
    ['no address near', { addresses: ['203.0.113.5'] }],
    ['an address that is none', { addresses: ['192.168.0.7.evil.example'] }],
    ['no address', { addresses: [] }],
    ['port 0', { port: 0 }],
    ['a port beyond all', { port: 65_536 }],
    ['a port that is none', { port: '4100/x' }],
    ['another version of the record', { text: ['v=2', ...TEXT.slice(1)] }],
    ['no id', { text: ['v=1', 'p=1'] }],
    ['an endless id', { text: ['v=1', 'p=1', `id=${'x'.repeat(65)}`] }],
    ['a fingerprint that is none', { text: [...TEXT.slice(0, 3), 'fp=AB'] }],
    ['a protocol that is no number', { text: ['v=1', 'id=1', 'p=one'] }],
    ['many words', { text: [...TEXT, ...Array.from({ length: 20 }, (_, index) => `x${index}=`)] }],
    ['no name', { name: '\u202e \u0007' }]
  ])('passes over what says %s', (_what, each) => {
    const { heard, tell } = list()
    tell(each)
    expect(heard).toEqual([])
  })

  it('names have nothing that is not seen or turns the line around, and are not long', () => {
    const { heard, tell } = list()
    tell({ name: '  Kim\u202e\u0000 \n\t 네\u200b 집 ' })
    expect(heard.at(-1)?.[0]?.name).toBe('Kim 네 집')
    tell({ name: '가'.repeat(100) })
    expect(heard.at(-1)?.[1]).toBeUndefined() // the same id and certificate: one
    tell({ name: '나'.repeat(100), text: ['v=1', 'id=2', 'p=1'] })
    expect(heard.at(-1)?.[1]?.name).toBe('나'.repeat(MAX_LAN_NAME_CHARS))
  })

  it('of a key that is there twice the first counts', () => {
    const { heard, tell } = list()
    tell({ text: [...TEXT, 'id=other', 'ID=other'] })
    expect(heard).toEqual([[home]])
  })

  it('two that give the same id and show other certificates are two; bytes that are no text hurt nobody', () => {
    const { heard, tell } = list()
    tell({})
    tell({ name: 'Home 2', text: [Buffer.from([0xff, 0x3d, 0xfe]), ...TEXT.slice(0, 3), `fp=${'c'.repeat(64)}`] })
    expect(heard.at(-1)?.map(({ fingerprint }) => fingerprint)).toEqual([FP, 'c'.repeat(64)])
  })

  it('has so many at most, however many are told', () => {
    const { heard, tell } = list()
    for (let each = 0; each < MAX_FOUND_RELAYS + 20; each++)
      tell({ name: `R${each}`, text: ['v=1', `id=${each}`, 'p=1'] })
    expect(heard.at(-1)).toHaveLength(MAX_FOUND_RELAYS)
    tell({ name: 'R0', ttl: 0 })
    tell({ name: 'R60', text: ['v=1', 'id=60', 'p=1'] })
    expect(heard.at(-1)?.at(-1)?.relayId).toBe('60')
  })

  it('a packet of thousands of records is not looked at', () => {
    const { heard, found } = list()
    const many = Array.from({ length: 40 }, (_, each) => said({ name: `R${each}` })).flat()
    found.told(many, () => true, 0)
    expect(heard).toEqual([])
  })
})

describe('the networks that this machine is in', () => {
  const info = (address: string, cidr: string | null, more: object = {}) => ({
    address,
    netmask: '',
    mac: '',
    internal: false,
    family: 'IPv4' as const,
    cidr,
    ...more
  })

  it('are the private ones, by IPv4', () => {
    const interfaces = {
      lo: [info('127.0.0.1', '127.0.0.1/8', { internal: true })],
      eth0: [info('192.168.0.7', '192.168.0.7/24'), info('203.0.113.5', '203.0.113.5/24')],
      wlan0: [info('172.31.0.2', '172.31.0.2/12'), info('172.32.0.2', '172.32.0.2/12')],
      odd: [info('10.0.0.1', null), info('10.0.0.2', '10.0.0.2/0')]
    }
    expect(privateNetworks(interfaces)).toEqual([
      { address: '192.168.0.7', bits: 24 },
      { address: '172.31.0.2', bits: 12 }
    ])
  })

  it('hold an address or not', () => {
    const networks = [
      { address: '192.168.0.7', bits: 24 },
      { address: '10.1.2.3', bits: 32 }
    ]
    for (const near of ['192.168.0.255', '192.168.0.1', '10.1.2.3']) expect(isInNetworks(networks, near)).toBe(true)
    for (const far of ['192.168.1.1', '10.1.2.4', '203.0.113.5', '::1', 'nas.local', '192.168.0.7/24', ''])
      expect(isInNetworks(networks, far)).toBe(false)
  })
})
