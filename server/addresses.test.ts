import { describe, expect, it } from 'vitest'
import { addressKey, createAddresses } from './addresses.ts'

describe('where a request comes from [decision 6]', () => {
  const from = (trusted: string[], remoteAddress: string | undefined, said?: string): string =>
    createAddresses(trusted).addressOf({
      headers: said === undefined ? {} : { 'x-forwarded-for': said },
      remoteAddress
    })

  it.each([
    ['nobody is believed unless told', [], '192.0.2.1', '10.0.0.1', '192.0.2.1'],
    ['a proxy is', ['192.0.2.1'], '192.0.2.1', '203.0.113.5', '203.0.113.5'],
    ['the nearest that is no proxy', ['192.0.2.0/24'], '192.0.2.1', '1.1.1.1, 203.0.113.5, 192.0.2.9', '203.0.113.5'],
    ['not what stands before it', ['192.0.2.1'], '192.0.2.1', '1.1.1.1, 203.0.113.5', '203.0.113.5'],
    ['nothing that is no address', ['192.0.2.1'], '192.0.2.1', 'unknown', '192.0.2.1'],
    ['a proxy that says nothing', ['192.0.2.1'], '192.0.2.1', undefined, '192.0.2.1'],
    ['IPv4 in IPv6 dress', ['192.0.2.1'], '::ffff:192.0.2.1', '::ffff:203.0.113.5', '203.0.113.5'],
    ['IPv6', ['fd00::/8'], 'fd00::1', '2001:DB8::7', '2001:db8::7'],
    ['a connection that is gone', ['fd00::/8'], undefined, '2001:DB8::7', 'unknown'],
    ['only proxies', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.2', '10.0.0.2']
  ])('%s', (_words, trusted, remote, said, expected) => {
    expect(from(trusted, remote, said)).toBe(expected)
  })

  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['2001:db8:1:4256::1', '2001:db8:1:4200::/56'],
    ['2001:db8::', '2001:db8:0:0::/56'],
    ['::1', '0:0:0:0::/56'],
    ['1:2:3:4:5:6:7:8', '1:2:3:0::/56']
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
