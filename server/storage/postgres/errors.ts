// What goes wrong with a database, told apart: the database is away or full, another relay has it, or it refuses what it was given.
import { DatabaseError } from 'pg'
import { ProtocolError } from '../../../protocol/errors.ts'

/** Another relay runs on the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError'
}

/** While this relay was cut off, somebody else has written to the database, or it was replaced: what this relay knows is not true any more. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
}

/** A database that this program cannot work with, whatever is tried; `message` says why, without a secret. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError'
}

/** [S1] Nothing was stored; or it cannot be told now, and a repeat will tell [S2.1]. */
export function unavailable(cause: unknown): ProtocolError {
  return new ProtocolError('storage-unavailable', 'the relay could not reach its database', { cause })
}

/** SQLSTATE: five characters, of which the first two are the class. Undefined for an error that the server did not send. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}

/** Raised by `commit_changes`: somebody else has written since. */
export const SUPERSEDED = 'MA001'

/**
 * Connection exceptions, too little of something (disk, memory, connections), an operator's intervention, a system error,
 * serialization and deadlock, locks; a server that only reads. All pass or are put right by whoever runs the database.
 */
const PASSING_CLASSES = new Set(['08', '40', '53', '57', '58'])
const PASSING_STATES = new Set(['25006', '55P03', '25P03'])

/** Whether it is not the fault of what was asked: the same may succeed later. An error without a SQLSTATE is one of the connection. */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error)
  if (state === undefined) return true
  return PASSING_CLASSES.has(state.slice(0, 2)) || PASSING_STATES.has(state)
}

/** Whether the session ended with it, or never began. */
export function endsSession(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true
  return error.severity === 'FATAL' || error.severity === 'PANIC'
}
