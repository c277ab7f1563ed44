// What the HTTP door is put together from.
import type { PresentMember } from '../../protocol/live.ts'
import type { AddressOf } from '../addresses.ts'
import type { Guard } from '../auth/guard.ts'
import type { Clock } from '../clock.ts'
import type { AccountDeletion } from '../domain/account-deletion.ts'
import type { Accounts } from '../domain/accounts.ts'
import type { Administration } from '../domain/administration.ts'
import type { Audit } from '../domain/audit.ts'
import type { Invites } from '../domain/invites.ts'
import type { PasswordResets } from '../domain/password-resets.ts'
import type { Reading } from '../domain/reading.ts'
import type { RegistrationDesk } from '../domain/registration.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { Writing } from '../domain/writing.ts'
import type { Log } from '../log.ts'
import type { OriginCheck } from '../origins.ts'

/** What an owner of the relay asks of it, and by commands whoever runs it. */
export interface AdminParts {
  administration: Administration
  audit: Audit
  invites: Invites
  resets: PasswordResets
  sessions: Sessions
}

export interface HttpParts extends AdminParts {
  relay: { id: string; version: string }
  accounts: Accounts
  deletion: AccountDeletion
  desk: RegistrationDesk
  guard: Guard
  reading: Reading
  writing: Writing
  /** [S14.2] Of these users, those who are connected to be seen. */
  present: (userIds: readonly string[]) => Promise<PresentMember[]>
  isAllowedOrigin: OriginCheck
  addressOf: AddressOf
  rateLimit: boolean
  /** Whether what it serves is opened as https by everybody. */
  isSecure: boolean
  /** Why nothing can be stored now; undefined while it can. */
  trouble: () => string | undefined
  now: Clock
  log: Log
  /** The folder of the built web client. */
  webRoot?: string
}
