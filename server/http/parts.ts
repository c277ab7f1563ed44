// What the HTTP door is put together from.
import type { Clock } from '../clock.ts'
import type { Accounts } from '../domain/accounts.ts'
import type { Reading } from '../domain/reading.ts'
import type { RegistrationDesk } from '../domain/registration.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { Writing } from '../domain/writing.ts'
import type { Log } from '../log.ts'
import type { OriginCheck } from '../origins.ts'

export interface HttpParts {
  relay: { id: string; version: string }
  accounts: Accounts
  sessions: Sessions
  desk: RegistrationDesk
  reading: Reading
  writing: Writing
  isAllowedOrigin: OriginCheck
  /** Whose word on the client's address is believed: addresses and CIDR ranges. */
  trustedProxies: readonly string[]
  rateLimit: boolean
  /** Why nothing can be stored now; undefined while it can. */
  trouble: () => string | undefined
  now: Clock
  log: Log
  /** The folder of the built web client. */
  webRoot?: string
}
