// The last errors of this process, in memory, for the owner of the relay: what happened and when, never what anybody wrote.
import { MAX_RECENT_ERRORS } from '../protocol/limits.ts'
import type { Clock } from './clock.ts'
import { timeText } from './clock.ts'
import type { Log } from './log.ts'

export interface RecentError {
  at: string
  message: string
}

export interface RememberingLog {
  log: Log
  /** The newest first. */
  recent: () => RecentError[]
}

/** A log that also keeps the texts of its last warnings and errors. Details stay in the log: of an error only its name or code is kept. */
export function rememberErrors(log: Log, now: Clock): RememberingLog {
  const errors: RecentError[] = []
  const keep = (text: string, error: unknown): void => {
    const kind = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : undefined
    errors.unshift({ at: timeText(now()), message: kind === undefined ? text : `${text} (${kind})` })
    errors.length = Math.min(errors.length, MAX_RECENT_ERRORS)
  }
  return {
    log: {
      debug: (text, details) => log.debug(text, details),
      info: (text, details) => log.info(text, details),
      warn(text, details) {
        keep(text, details?.error)
        log.warn(text, details)
      },
      error(text, details) {
        keep(text, details?.error)
        log.error(text, details)
      }
    },
    recent: () => [...errors]
  }
}
