// How a hosted relay is, told when it has changed. Knows no relay.
import { isDeepStrictEqual } from 'node:util'
import type { HostTidings } from '../../protocol/hosting.ts'
import type { Timer } from '../clock.ts'
import type { Log } from '../log.ts'

/** As often as it is looked at, and so at most told. */
export const STATUS_INTERVAL_MS = 2_000

export type Status = Omit<Extract<HostTidings, { type: 'status' }>, 'type'>

export interface StatusWatch {
  stop(): void
}

export interface StatusParts {
  look: () => Promise<Status>
  tell: (status: Status) => Promise<void>
  timer: Timer
  log: Log
}

/** Tells at once, and then when it is other than what was told last. One that cannot be looked at is looked at again. */
export function watchStatus({ look, tell, timer, log }: StatusParts): StatusWatch {
  let last: Status | undefined
  let cancel: (() => void) | undefined
  let stopped = false

  async function turn(): Promise<void> {
    try {
      const status = await look()
      if (!stopped && !isDeepStrictEqual(status, last)) {
        last = status
        await tell(status)
      }
    } catch (error) {
      log.warn('the relay could not be looked at', { error })
    }
    if (!stopped) cancel = timer(STATUS_INTERVAL_MS, () => void turn())
  }
  void turn()
  return {
    stop() {
      stopped = true
      cancel?.()
    }
  }
}
