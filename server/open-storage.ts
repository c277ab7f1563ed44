// Opens the storage that the configuration asks for: lowdb in a directory, or PostgreSQL. Says in one sentence why it cannot.
import type { Clock } from './clock.ts'
import { StartError } from './config.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { DamagedFileError } from './storage/lowdb/atomic-json-file.ts'
import { DirectoryInUseError } from './storage/lowdb/lock.ts'
import { openLowdbStorage } from './storage/lowdb/storage.ts'
import type { Storage } from './storage/port.ts'
import { placeOf } from './storage/postgres/connection.ts'
import { DatabaseInUseError, sqlState, UnfitDatabaseError } from './storage/postgres/errors.ts'
import { openPostgresStorage } from './storage/postgres/storage.ts'

/** @throws StartError with a sentence for whoever starts the relay */
export async function openStorage(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  now: Clock,
  log: Log
): Promise<Storage> {
  if (databaseUrl !== undefined) return openPostgres(databaseUrl, now, log)
  try {
    return await openLowdbStorage({ dataDir, now, log })
  } catch (error) {
    throw directoryError(error, dataDir)
  }
}

function directoryError(error: unknown, dataDir: string): unknown {
  if (error instanceof DirectoryInUseError) {
    const words = `Another relay is running on ${dataDir}: stop it, or set DATA_DIR to another directory.`
    return new StartError(words, 'data-in-use')
  }
  if (error instanceof DamagedFileError) {
    const words = `The data cannot be read: ${error.message}; docs/operations.md says what to do.`
    return new StartError(words, 'data-damaged')
  }
  const { code } = error as NodeJS.ErrnoException
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ENOENT'].includes(code)) {
    return new StartError(`DATA_DIR is ${dataDir}, which cannot be used: ${code}.`, 'disk')
  }
  return error
}

async function openPostgres(url: string, now: Clock, log: Log): Promise<Storage> {
  try {
    return await openPostgresStorage({ url, now, log })
  } catch (error) {
    throw databaseError(error, placeOf(url))
  }
}

/** Never with the address as it was given: it may hold a password. */
export function databaseError(error: unknown, place: string): unknown {
  if (error instanceof DatabaseInUseError) {
    return new StartError(
      `Another relay is running on the database ${place}: stop it, or set DATABASE_URL to another one.`
    )
  }
  if (error instanceof UnfitDatabaseError) {
    return new StartError(`The database ${place} cannot be used: ${error.message}.`)
  }
  const reason = reasonOf(error)
  return reason === undefined ? error : new StartError(`DATABASE_URL is for ${place}, which cannot be used: ${reason}.`)
}

const REASONS: Readonly<Record<string, string>> = {
  '28P01': 'it refuses this user or password',
  '28000': 'it refuses this user or password',
  '3D000': 'there is no such database',
  '42501': 'this user may not make tables there',
  '53300': 'it has too many connections',
  '57P03': 'it does not accept connections now'
}

function reasonOf(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException
  const state = sqlState(error)
  if (state !== undefined) return REASONS[state]
  if (/^E[A-Z_]+$/.test(code ?? '')) return code
  return message === 'timeout expired' ? 'it does not answer' : undefined
}
