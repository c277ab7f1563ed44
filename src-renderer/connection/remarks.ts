// What a relay says by notices of itself and of a connection, as far as people are told [SPEC §4], and how long that holds. Knows no try.
import type { Notice } from '../../protocol/socket.ts'
import type { Clock } from './clock.ts'
import type { ConnectionStatus } from './connection.ts'

/** What only the relay knows how to word stays this long. */
export const NOTICE_SHOWN_MS = 15_000

/** Notices that have words of their own, and those for developers. */
const KNOWN: ReadonlySet<string> = new Set([
  'session-ended',
  'account-disabled',
  'account-deleted',
  'relay-stopping',
  'rate-limited',
  'invalid',
  'too-slow',
  'disconnected',
  'storage-unavailable',
  'storage-available'
])

export interface Remarks {
  hear(notice: Notice): void
  /** As its answer to a push shows. */
  canStore(works: boolean): void
  /** Another connection begins, of which nothing was said. */
  forget(): void
  ofConnected(): Pick<Extract<ConnectionStatus, { name: 'connected' }>, 'relayCannotStore' | 'said'>
  ofWaiting(): Pick<Extract<ConnectionStatus, { name: 'waiting' }>, 'tooSlow' | 'byOwner' | 'said'>
}

/** @param onChange what there is to say of a connection that is up has changed */
export function createRemarks(clock: Clock, onChange: () => void): Remarks {
  let cannotStore = false
  let tooSlow = false
  let byOwner = false
  let said: string | undefined
  let cancelSaid = (): void => {}

  function canStore(works: boolean): void {
    if (cannotStore !== works) return
    cannotStore = !works
    onChange()
  }

  function saidNow(message: string): void {
    said = message
    cancelSaid()
    cancelSaid = clock.after(NOTICE_SHOWN_MS, () => {
      said = undefined
      onChange()
    })
    onChange()
  }

  return {
    hear({ code, message }) {
      if (code === 'too-slow') tooSlow = true
      if (code === 'disconnected') byOwner = true
      if (code === 'storage-unavailable') canStore(false)
      if (code === 'storage-available') canStore(true)
      if (!KNOWN.has(code)) saidNow(message)
    },
    canStore,
    forget() {
      cancelSaid()
      cannotStore = false
      tooSlow = false
      byOwner = false
      said = undefined
    },
    ofConnected: () => ({ ...(cannotStore && { relayCannotStore: true }), ...(said !== undefined && { said }) }),
    ofWaiting: () => ({
      ...(tooSlow && { tooSlow }),
      ...(byOwner && { byOwner }),
      ...(said !== undefined && { said })
    })
  }
}
