// Looks for relays on this machine's networks (mDNS, DNS-SD: RFC 6762 and 6763) as long as somebody wants to know. Anybody there may answer: what it tells is
// where somebody says that a relay is. Plain Node; knows no window.
import makeMdns from 'multicast-dns'
import { networkInterfaces } from 'node:os'
import { LAN_SERVICE_TYPE } from '../protocol/lan.ts'
import type { FoundRelay } from '../src-renderer/platform/bridge.ts'
import { createFoundList } from './found-relays-list.ts'
import { isInNetworks, privateNetworks } from './own-networks.ts'
import type { OwnNetwork } from './own-networks.ts'

const MDNS_PORT = 5353
/** After the first question, in case it or its answers were lost; then as often as keeps what was found alive. */
const ASK_AGAIN_MS = [1_000, 3_000, 9_000]
const KEEP_ASKING_MS = 50_000
/** What has gone without a word is looked for this often. */
const EXPIRE_MS = 5_000

export interface FindOptions {
  /** At once with nothing, and on every change. */
  onChange: (found: readonly FoundRelay[]) => void
  /** A network that cannot be asked; for developers. */
  onProblem: (problem: unknown) => void
  /** Instead of this machine's, for a test. */
  networks?: () => readonly OwnNetwork[]
  /** Instead of that of mDNS, so that a test disturbs nobody. */
  mdnsPort?: number
  now?: () => number
}

/** Never throws. @returns its stop */
export function findRelays(options: FindOptions): () => void {
  const { onChange, onProblem, networks = () => privateNetworks(networkInterfaces()), now = Date.now } = options
  const port = options.mdnsPort ?? MDNS_PORT
  const list = createFoundList(onChange)
  const sockets = new Map<string, ReturnType<typeof makeMdns>>()
  let mine: readonly OwnNetwork[] = []
  let asked = 0
  let asking: NodeJS.Timeout | undefined

  function open({ address }: OwnNetwork): void {
    // Bound to all addresses: one that is bound to an address hears no multicast on most systems.
    const mdns = makeMdns({ interface: address, bind: '0.0.0.0', port, ttl: 255, loopback: true })
    sockets.set(address, mdns)
    mdns.on('error', onProblem)
    mdns.on('warning', onProblem)
    mdns.on('response', ({ answers, additionals }, { address: from, port: fromPort }) => {
      // Answers come from the link itself (RFC 6762, 6 and 11).
      if (fromPort !== port || !isInNetworks(mine, from)) return
      list.told([...(answers ?? []), ...(additionals ?? [])], (each) => isInNetworks(mine, each), now())
    })
  }

  function ask(): void {
    // Networks come and go while the window is open.
    mine = networks()
    for (const [address, mdns] of sockets) {
      if (mine.some((network) => network.address === address)) continue
      sockets.delete(address)
      mdns.destroy()
    }
    for (const network of mine) if (!sockets.has(network.address)) open(network)
    const questions = [{ name: `_${LAN_SERVICE_TYPE}._tcp.local`, type: 'PTR' as const }]
    for (const mdns of sockets.values()) {
      mdns.query({ questions }, (error) => {
        if (error) onProblem(error)
      })
    }
    asking = setTimeout(ask, ASK_AGAIN_MS[asked] ?? KEEP_ASKING_MS)
    asked += 1
  }

  onChange([])
  ask()
  const expiring = setInterval(() => list.expire(now()), EXPIRE_MS)
  return () => {
    clearTimeout(asking)
    clearInterval(expiring)
    for (const mdns of sockets.values()) mdns.destroy()
    sockets.clear()
  }
}
