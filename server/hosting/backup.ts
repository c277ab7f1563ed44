// A backup of a relay that runs, into a folder of its own below the one that a person has chosen; checked before it is called one.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { backUp } from '../storage/lowdb/backup.ts'
import { verify } from '../storage/lowdb/verify.ts'

export interface BackupOrder {
  dataDir: string
  /** Where people keep such things; may hold anything. */
  folder: string
  now: Clock
}

/**
 * What it says it holds is what can be read back from it.
 * @returns the folder that was made, and how many messages are in it
 * @throws OperatorError with a sentence, or Error if the copy is damaged, which stays there
 */
export async function backUpInto({ dataDir, folder, now }: BackupOrder): Promise<{ folder: string; messages: number }> {
  const target = await freeName(join(folder, `maru-${stamp(now())}`))
  await backUp({ dataDir, target, now })
  const faults: string[] = []
  const { findings, counts } = await verify({
    directory: target,
    report: ({ where, what }) => faults.push(`${where}: ${what}`),
    note: () => undefined
  })
  if (findings > 0 || counts === undefined) {
    throw new Error(`The backup in ${target} is complete, but so is the damage in it (${findings}): ${faults[0] ?? ''}`)
  }
  return { folder: target, messages: counts.messages }
}

/** In UTC, to the second: `2026-11-21-093649`. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
}

/** Two backups of one second are two. */
async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${path}-${number}`
    if (!(await exists(name))) return name
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}
