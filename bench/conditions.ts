// Where and when figures were taken: without these they mean nothing.
import { execFileSync } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'

export interface Conditions {
  date: string
  node: string
  cpu: string
  cores: number
  memoryGb: number
  /** Before the first row: other work on the machine shows here. */
  loadAverage: string
  fileSystem: string
  commit: string
}

/** What statfs calls the usual ones. */
const FILE_SYSTEMS: Record<number, string> = {
  0xef53: 'ext4',
  0x9123683e: 'btrfs',
  0x58465342: 'xfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
  0x2fc12fc1: 'zfs'
}

export async function readConditions(dataRoot: string): Promise<Conditions> {
  const { type } = await statfs(dataRoot)
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadAverage: loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    fileSystem: FILE_SYSTEMS[type] ?? `type 0x${type.toString(16)}`,
    commit: commitOf()
  }
}

function commitOf(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`
  } catch {
    return 'unknown'
  }
}
