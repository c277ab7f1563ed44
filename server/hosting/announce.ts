// Tells the networks that a relay is reached by of it (mDNS, DNS-SD: RFC 6762 and 6763), as long as it runs. What is sent goes to the multicast address of the
// link alone, out of the interfaces that were chosen, and names no address but theirs. Knows no relay.
import { networkInterfaces } from 'node:os'
import type { NetworkInterfaceInfo } from 'node:os'
import type { LanText } from '../../protocol/lan.ts'
import { startTimer } from '../clock.ts'
import type { Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import { announceOn } from './announce-on-interface.ts'
import type { InterfaceAnnouncement } from './announce-on-interface.ts'

export interface AnnounceOptions {
  /** By which people recognise it; another relay of this name gets its own by a suffix. */
  name: string
  /** The one that the relay listens on; 0.0.0.0 or :: for all. */
  address: string
  port: number
  text: LanText
  log: Log
  timer?: Timer
  /** Instead of this machine's, for a test. */
  addresses?: () => readonly string[]
  /** Instead of that of mDNS, so that a test disturbs nobody. */
  mdnsPort?: number
}

export interface Announcement {
  /** Whether at least one network was told, and nothing has failed there since. */
  announced(): boolean
  /** After a sleep or a change of networks: all anew. */
  again(): void
  /** Takes it back. Resolves when that is sent. */
  stop(): Promise<void>
}

/** Never throws: a network that cannot be told is one that is not told. */
export function announceRelay(options: AnnounceOptions): Announcement {
  const { address, text, log, timer = startTimer, addresses = privateAddresses } = options
  let current: InterfaceAnnouncement[] = []

  const begin = (): void => {
    const chosen = addresses().filter((each) => each === address || address === '0.0.0.0' || address === '::')
    if (chosen.length === 0) log.info('the relay is announced nowhere: it listens on no address of a private network')
    current = chosen.map((each) =>
      announceOn(each, { name: options.name, port: options.port, text, timer, log, mdnsPort: options.mdnsPort ?? 5353 })
    )
  }
  const end = async (): Promise<void> => {
    const before = current
    current = []
    await Promise.all(before.map((each) => each.stop()))
  }
  begin()
  return {
    announced: () => current.some((each) => each.announced()),
    again() {
      // Sockets of before a sleep may be dead without knowing it: what they still get out is harmless.
      void end()
      begin()
    },
    stop: end
  }
}

/** Networks that no router leads to from outside (RFC 1918), and those without a router (RFC 3927). */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/

/** This machine's own, of private networks, IPv4. */
export function privateAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces()
): readonly string[] {
  return Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && PRIVATE.test(address))
    .map(({ address }) => address)
}
