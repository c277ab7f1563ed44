// Puts the relay's domain together over a storage. Knows no HTTP and no sockets: also what the commands of a relay that is stopped run on.
import type { Guard } from './auth/guard.ts'
import type { Passwords } from './auth/passwords.ts'
import { secrets } from './auth/secrets.ts'
import type { Clock } from './clock.ts'
import { timeText } from './clock.ts'
import type { Config } from './config.ts'
import { createAccountDeletion } from './domain/account-deletion.ts'
import type { AccountDeletion } from './domain/account-deletion.ts'
import { createAccounts } from './domain/accounts.ts'
import type { Accounts } from './domain/accounts.ts'
import { createAdministration } from './domain/administration.ts'
import type { AdminConnections, Administration } from './domain/administration.ts'
import { createAudit } from './domain/audit.ts'
import type { Audit } from './domain/audit.ts'
import type { CommitLine } from './domain/commit-line.ts'
import type { RelayContext } from './domain/context.ts'
import { createInvites } from './domain/invites.ts'
import type { Invites } from './domain/invites.ts'
import { createOwners } from './domain/owners.ts'
import { createPasswordResets } from './domain/password-resets.ts'
import type { PasswordResets } from './domain/password-resets.ts'
import { openRegistration } from './domain/registration.ts'
import type { RegistrationDesk } from './domain/registration.ts'
import { createSessions } from './domain/sessions.ts'
import type { Sessions } from './domain/sessions.ts'
import type { Log } from './log.ts'
import type { RecentError } from './recent-errors.ts'
import type { Storage } from './storage/port.ts'
import { relayVersion } from './version.ts'

export interface Assembly {
  context: RelayContext
  accounts: Accounts
  administration: Administration
  audit: Audit
  deletion: AccountDeletion
  desk: RegistrationDesk
  invites: Invites
  resets: PasswordResets
  sessions: Sessions
}

export interface AssemblyOptions {
  config: Pick<Config, 'registration'>
  storage: Storage
  line: CommitLine
  passwords: Passwords
  guard: Guard
  connections: AdminConnections
  recentErrors: () => RecentError[]
  now: Clock
  log: Log
}

export async function assemble(options: AssemblyOptions): Promise<Assembly> {
  const { config, storage, line, passwords, guard, connections, recentErrors, now, log } = options
  const context: RelayContext = { storage, line, passwords, secrets, now, log }
  const audit = createAudit(context)
  const invites = createInvites(context, { audit, guard })
  const desk = await openRegistration(context, config.registration, { owners: createOwners(storage), invites })
  const accounts = createAccounts(context, { desk, guard, connections })
  const facts = {
    version: relayVersion(),
    registration: config.registration,
    startedAt: timeText(now()),
    recentErrors
  }
  return {
    context,
    accounts,
    administration: createAdministration(context, { audit, connections, facts }),
    audit,
    deletion: createAccountDeletion(context, { accounts, connections }),
    desk,
    invites,
    resets: createPasswordResets(context, { audit, guard, connections }),
    sessions: createSessions(context, connections)
  }
}
