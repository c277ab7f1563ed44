import { expect, it } from 'vitest'
import { hostAddresses, originOf } from './host-addresses.ts'
import type { Interfaces } from './host-addresses.ts'

function interfaces(...addresses: string[]): Interfaces {
  const infos = addresses.map((address) => {
    const rest = { address, netmask: '', mac: '', cidr: null, internal: false }
    return address.includes(':')
      ? { ...rest, family: 'IPv6' as const, scopeid: 0 }
      : { ...rest, family: 'IPv4' as const }
  })
  return { eth0: infos }
}

it.each([
  ['10.0.0.1', true],
  ['172.16.0.1', true],
  ['172.31.255.1', true],
  ['172.15.0.1', false],
  ['172.32.0.1', false],
  ['192.168.0.10', true],
  ['192.169.0.10', false],
  ['100.64.0.1', true],
  ['100.127.0.1', true],
  ['100.128.0.1', false],
  ['203.0.113.7', false],
  ['fd12:3456::1', true],
  ['2001:db8::1', false]
])('%s is private: %s', (address, isPrivate) => {
  expect(hostAddresses(interfaces(address))).toEqual([{ address, interfaceName: 'eth0', isPrivate }])
})

it.each(['169.254.3.4', 'fe80::1', 'febf::1', '0.0.0.0', '::'])('%s is nothing to hand on', (address) => {
  expect(hostAddresses(interfaces(address))).toEqual([])
})

it('loopback is not told, and none twice', () => {
  const [info] = interfaces('127.0.0.1')['eth0'] ?? []
  expect(hostAddresses({ lo: info ? [{ ...info, internal: true }] : [] })).toEqual([])
  expect(hostAddresses({ ...interfaces('10.0.0.1'), wlan0: interfaces('10.0.0.1')['eth0'] })).toHaveLength(1)
})

it('private ones come first, and IPv4 before IPv6', () => {
  const found = hostAddresses(interfaces('2001:db8::1', '203.0.113.7', 'fd00::1', '192.168.0.10'))
  expect(found.map(({ address }) => address)).toEqual(['192.168.0.10', 'fd00::1', '203.0.113.7', '2001:db8::1'])
})

it('an address becomes one that links can name', () => {
  expect(originOf('http', '192.168.0.10', 4100)).toBe('http://192.168.0.10:4100')
  expect(originOf('https', 'fd00::1', 4100)).toBe('https://[fd00::1]:4100')
  expect(originOf('https', '192.168.0.10', 443)).toBe('https://192.168.0.10')
})
