// What the parts of the domain share; put together in server/relay.ts.
import type { Passwords } from '../auth/passwords.ts'
import type { Secrets } from '../auth/secrets.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Storage } from '../storage/port.ts'
import type { CommitLine } from './commit-line.ts'

export interface RelayContext {
  storage: Storage
  line: CommitLine
  passwords: Passwords
  secrets: Secrets
  now: Clock
  log: Log
}
