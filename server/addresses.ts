// Where a request comes from: the address of its connection, or what a trusted proxy says [decision 6]. One answer for REST and socket.
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { IncomingMessage } from 'node:http'

export interface Asker {
  headers: IncomingMessage['headers']
  /** Of the connection. */
  remoteAddress: string | undefined
}

/** An IP address in one spelling; `unknown` when the connection is gone already. */
export type AddressOf = (asker: Asker) => string

export interface Addresses {
  addressOf: AddressOf
  /** Whether a connection comes from a trusted proxy, which speaks for many. */
  isProxy: (remoteAddress: string | undefined) => boolean
}

/** @param trustedProxies addresses and CIDR ranges whose `X-Forwarded-For` is believed, from the right, up to the first that is none of them */
export function createAddresses(trustedProxies: readonly string[]): Addresses {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string): boolean => trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

  const addressOf: AddressOf = ({ headers, remoteAddress }) => {
    let address = plainAddress(remoteAddress ?? '')
    if (address === undefined) return 'unknown'
    const said = [headers['x-forwarded-for'] ?? []].flat().join(',')
    for (const hop of said === '' ? [] : said.split(',').toReversed()) {
      if (!isTrusted(address)) break
      const next = plainAddress(hop.trim())
      // What is no address comes from before the proxies: the last one that said it is the nearest that is known.
      if (next === undefined) break
      address = next
    }
    return address
  }
  return {
    addressOf,
    isProxy(remoteAddress) {
      const address = plainAddress(remoteAddress ?? '')
      return address !== undefined && isTrusted(address)
    }
  }
}

/** IPv4 without the wrapping of a socket that takes both. */
function plainAddress(text: string): string | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIPv4(plain) || isIPv6(plain) ? plain.toLowerCase() : undefined
}

/** What is counted as one asker: an IPv4 address, or the /56 of an IPv6 one, which is the least that one household gets. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const filled = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill('0'), ...last]
  const groups = filled.slice(0, 4).map((group) => Number.parseInt(group, 16))
  return `${groups
    .map((group, index) => (index === 3 ? group & 0xff00 : group))
    .map((group) => group.toString(16))
    .join(':')}::/56`
}
