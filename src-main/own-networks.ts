// The private networks that this machine is in, and whether an address is in one of them. Asks nobody.
import { BlockList, isIPv4 } from 'node:net'
import type { networkInterfaces } from 'node:os'

export interface OwnNetwork {
  /** This machine's own in it, IPv4. */
  address: string
  /** How many bits of it are the network's. */
  bits: number
}

/** Networks that no router leads to from outside (RFC 1918), and those without a router (RFC 3927). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/

export function privateNetworks(interfaces: ReturnType<typeof networkInterfaces>): OwnNetwork[] {
  return Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && PRIVATE.test(address))
    .flatMap(({ address, cidr }) => {
      const bits = Number(cidr?.split('/')[1])
      return bits >= 8 && bits <= 32 ? [{ address, bits }] : []
    })
}

export function isInNetworks(networks: readonly OwnNetwork[], address: string): boolean {
  if (!isIPv4(address)) return false
  const list = new BlockList()
  for (const network of networks) list.addSubnet(network.address, network.bits, 'ipv4')
  return list.check(address, 'ipv4')
}
