// The addresses at which others can reach this machine. Pure: asks nobody.
import type { NetworkInterfaceInfo } from 'node:os'
import type { HostAddress } from '../src-renderer/platform/bridge.ts'

/** As `os.networkInterfaces` gives them. */
export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** 10/8, 172.16/12, 192.168/16 (RFC 1918), 100.64/10 (RFC 6598: what private overlay networks use), fc00::/7 (RFC 4193). */
const PRIVATE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i
/** 169.254/16 and fe80::/10: nobody can be sent there by a link. */
const LINK_LOCAL = /^(169\.254\.|fe[89ab][0-9a-f]:)/i
const NOWHERE = /^(0\.|::$)/

/** Private ones first, IPv4 before IPv6, each once; neither loopback nor link-local ones. */
export function hostAddresses(interfaces: Interfaces): HostAddress[] {
  const found = new Map<string, HostAddress & { rank: number }>()
  for (const [interfaceName, infos = []] of Object.entries(interfaces)) {
    for (const { address, family, internal } of infos) {
      if (internal || LINK_LOCAL.test(address) || NOWHERE.test(address)) continue
      const isPrivate = PRIVATE.test(address)
      found.set(address, { address, interfaceName, isPrivate, rank: (isPrivate ? 0 : 2) + (family === 'IPv4' ? 0 : 1) })
    }
  }
  return [...found.values()].toSorted((a, b) => a.rank - b.rank).map(({ rank: _rank, ...rest }) => rest)
}

/** `http://…` or `https://…` of an address and a port. */
export function originOf(scheme: 'http' | 'https', address: string, port: number): string {
  return new URL(`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`).origin
}
