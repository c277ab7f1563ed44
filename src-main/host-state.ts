// How a hosted relay is, for the page, from what its process tells. Pure.
import type { HostTidings } from '../protocol/hosting.ts'
import type { HostAddress, HostState } from '../src-renderer/platform/bridge.ts'
import { originOf } from './host-addresses.ts'

type On = Extract<HostState, { name: 'on' }>
type Ready = Extract<HostTidings, { type: 'ready' }>

/** @param addresses this machine's, for a relay that listens on all of them */
export function stateOfReady(ready: Ready, relayName: string, addresses: readonly HostAddress[]): On {
  const everywhere = /^(0\.0\.0\.0|::)$/.test(ready.address)
  const address = everywhere ? (addresses[0]?.address ?? '127.0.0.1') : ready.address
  return {
    name: 'on',
    relayName,
    url: originOf('https', address, ready.port),
    browserUrl: originOf('http', address, ready.port),
    fingerprint: ready.fingerprint,
    relayId: ready.relayId,
    hasOwner: ready.hasOwner,
    ...(ready.ownerCode === undefined ? {} : { ownerCode: ready.ownerCode }),
    people: 0,
    devices: 0,
    names: [],
    storedBytes: 0,
    announced: false
  }
}

/** The owner's code goes once there is an owner. */
export function withStatus(before: On, tidings: Extract<HostTidings, { type: 'status' }>): On {
  const { people, devices, names, storedBytes, announced, hasOwner } = tidings
  const { ownerCode: _, ...rest } = before
  const code = hasOwner || before.ownerCode === undefined ? {} : { ownerCode: before.ownerCode }
  return { ...rest, ...code, people, devices, names, storedBytes, announced, hasOwner }
}
