// The commands on a relay's data: verify, backup, restore. They say what they did, in words for whoever runs the relay; what they do is the
// storage driver's.
import { StartError } from '../config.ts'
import type { Config } from '../config.ts'
import { databaseError } from '../open-storage.ts'
import { backUp } from '../storage/lowdb/backup.ts'
import { accessData, OperatorError, refuseHeld } from '../storage/lowdb/backup-client.ts'
import { DamagedFileError } from '../storage/lowdb/atomic-json-file.ts'
import { nodeFiles } from '../storage/lowdb/files.ts'
import { readMarker, restore } from '../storage/lowdb/restore.ts'
import { verify } from '../storage/lowdb/verify.ts'
import type { VerifySummary } from '../storage/lowdb/verify.ts'
import { placeOf } from '../storage/postgres/connection.ts'
import { verifyDatabase } from '../storage/postgres/verify.ts'
import type { Counts, Report } from '../storage/verified-facts.ts'
import type { Command } from './arguments.ts'

export type DataCommand = Extract<Command, { name: 'verify' | 'backup' | 'restore' }>

export interface CommandParts {
  config: Config
  now: () => number
  /** A line of what was asked for. */
  say: (line: string) => void
  /** How far a long run is; may be called often. */
  progress: (line: string) => void
}

/** Enough to see what is wrong; thousands of lines come from one cause. */
const MAX_FINDINGS = 200

/** @returns the exit code. @throws StartError with a sentence for what stands in the way */
export async function runDataCommand(command: DataCommand, parts: CommandParts): Promise<number> {
  const { databaseUrl } = parts.config
  if (databaseUrl !== undefined && command.name === 'verify' && command.directory === undefined) {
    return runVerifyDatabase(databaseUrl, parts)
  }
  if (databaseUrl !== undefined && command.name !== 'verify') {
    throw new StartError(
      `DATABASE_URL is set, so the data is in PostgreSQL, whose own programs do that (pg_dump, pg_restore); docs/operations.md tells how.`
    )
  }
  try {
    switch (command.name) {
      case 'verify':
        return await runVerify(command.directory, parts)
      case 'backup':
        return await runBackup(command.directory, parts)
      case 'restore':
        return await runRestore(command, parts)
    }
  } catch (error) {
    if (error instanceof OperatorError) throw new StartError(error.message)
    if (error instanceof DamagedFileError) throw new StartError(`The data cannot be read: ${error.message}.`)
    throw error
  }
}

async function runVerify(directory: string | undefined, parts: CommandParts): Promise<number> {
  const { dataDir } = parts.config
  const checked = directory ?? dataDir
  if ((await nodeFiles.readdir(checked)).length === 0) throw new StartError(`There is nothing in ${checked}.`)
  if (directory !== undefined) {
    await refuseHeld(directory)
    return sayVerified(directory, await verifyWith(directory, parts), parts)
  }
  const access = await accessData(dataDir)
  try {
    if (access.running) {
      throw new OperatorError(
        `A relay is running on ${dataDir}: stop it first, or make a backup, which is a copy of one moment and is verified.`
      )
    }
    return sayVerified(dataDir, await verifyWith(dataDir, parts), parts)
  } finally {
    await access.close()
  }
}

/** Of one moment, so that a relay may be running on it. */
async function runVerifyDatabase(url: string, parts: CommandParts): Promise<number> {
  const { progress } = parts
  const place = placeOf(url)
  try {
    const { report, done } = sayFindings(parts)
    const { counts, findings } = await verifyDatabase({
      url,
      report,
      progress: (so) => progress(`verifying: ${count(so.rooms)} of ${count(so.ofRooms)} rooms`)
    })
    done()
    return sayVerified(`the database ${place}`, { findings, counts }, parts)
  } catch (error) {
    throw databaseError(error, place)
  }
}

async function runBackup(target: string, parts: CommandParts): Promise<number> {
  const { config, now, say, progress } = parts
  const { files, bytes, running } = await backUp({
    dataDir: config.dataDir,
    target,
    now,
    progress: (so) => progress(`copying: ${count(so.files)} of ${count(so.ofFiles)} files, ${megabytes(so.bytes)}`)
  })
  say(
    `Copied ${count(files)} files, ${megabytes(bytes)}, from ${config.dataDir}${running ? ' (the relay is running)' : ''}.`
  )
  const code = sayVerified(target, await verifyWith(target, parts), parts)
  say(code === 0 ? `The backup is in ${target}.` : `The backup in ${target} is complete, but so is the damage in it.`)
  return code
}

async function runRestore(command: DataCommand & { name: 'restore' }, parts: CommandParts): Promise<number> {
  const { directory: from, anyway } = command
  const { config, now, say, progress } = parts
  const { madeAt } = await readMarker(nodeFiles, from)
  await refuseHeld(from)
  if (sayVerified(from, await verifyWith(from, parts), parts) !== 0 && !anyway) {
    say('Nothing was restored. Take another backup; with --anyway this one is restored as it is.')
    return 1
  }
  const { files, bytes } = await restore({
    from,
    dataDir: config.dataDir,
    now,
    anyway,
    progress: (so) => progress(`restoring: ${count(so.files)} of ${count(so.ofFiles)} files, ${megabytes(so.bytes)}`)
  })
  say(`Restored ${count(files)} files, ${megabytes(bytes)}, of ${madeAt} into ${config.dataDir}.`)
  say('Start the relay: devices notice that it went back, read again, and send again what it lacks.')
  return 0
}

async function verifyWith(directory: string, parts: CommandParts): Promise<VerifySummary> {
  const { say, progress } = parts
  const { report, done } = sayFindings(parts)
  const summary = await verify({
    directory,
    report,
    note: (line) => say(`note: ${line}`),
    progress: (so) => progress(`verifying: ${count(so.files)} of ${count(so.ofFiles)} files`)
  })
  done()
  return summary
}

/** A line for each thing that is wrong, but not too many. */
function sayFindings({ say }: CommandParts): { report: Report; done: () => void } {
  let findings = 0
  return {
    report: ({ where, what, expected, found }) => {
      findings += 1
      const numbers =
        expected === undefined ? '' : `: expected ${expected}${found === undefined ? '' : `, found ${found}`}`
      if (findings <= MAX_FINDINGS) say(`${where}: ${what}${numbers}`)
    },
    done: () => {
      if (findings > MAX_FINDINGS) say(`… and ${count(findings - MAX_FINDINGS)} more.`)
    }
  }
}

/** @returns the exit code. */
function sayVerified(
  what: string,
  { findings, files, counts }: { findings: number; files?: number; counts?: Counts },
  { say }: CommandParts
): number {
  const held =
    counts && Object.entries(counts).map(([name, of]) => `${count(of)} ${of === 1 ? name.slice(0, -1) : name}`)
  const result =
    findings === 0 ? 'nothing is wrong' : findings === 1 ? '1 thing is wrong' : `${count(findings)} things are wrong`
  const checked = files === undefined ? what : `${count(files)} files in ${what}`
  say(`Verified ${checked}${held ? ` (${held.join(', ')})` : ''}: ${result}.`)
  return findings === 0 ? 0 : 1
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
