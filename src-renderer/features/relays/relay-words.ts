// How a relay of several is told from the others: its sign, its name, and what is the matter with it. Pure.
import type { ObservedValueOf } from 'rxjs'
import type { RelayInList, Services } from '../../services.ts'
import type { Texts } from '../../texts/texts.ts'

type Status = ObservedValueOf<Services['status']>

/** As it is called: where it is. */
export function nameOfRelay(relayUrl: string): string {
  return new URL(relayUrl).host
}

/** One or two letters for its sign: of a name the beginnings of its first two parts that say something, of an address its end. */
export function lettersOfRelay(relayUrl: string): string {
  const { hostname, port } = new URL(relayUrl)
  if (hostname.startsWith('['))
    return hostname
      .replaceAll(/[[\]:]/g, '')
      .slice(-2)
      .toUpperCase()
  const parts = hostname.split('.')
  if (parts.every((part) => /^\d+$/.test(part))) return hostname === '127.0.0.1' ? port.slice(-2) : (parts.at(-1) ?? '')
  const [first = '', second = ''] = parts.length > 2 ? parts.filter((part) => part !== 'www') : parts.slice(0, 1)
  return (first.slice(0, 1) + second.slice(0, 1)).toUpperCase()
}

/** In what state it is, where it is not as it should be; null where it is. */
export function troubleOf(
  { relays, connection }: Texts,
  state: RelayInList['state'],
  status: Status | undefined
): { look: 'quiet' | 'warning' | 'danger'; words: string } | null {
  if (state === 'unreadable' || state === 'broken') return { look: 'danger', words: relays.unreadable }
  if (state === 'opening' || status === undefined) return { look: 'quiet', words: relays.opening }
  if (status.name === 'waiting') return { look: 'warning', words: relays.notConnected }
  if (status.name === 'connected' && status.relayCannotStore) return { look: 'warning', words: connection.cannotStore }
  if (status.name !== 'ended') return null
  return { look: 'danger', words: status.reason === 'signed-out' ? relays.signedOut : relays.cannotConnect }
}
