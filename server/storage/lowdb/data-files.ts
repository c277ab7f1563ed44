// Which files a data directory may hold, by their names, and in what order they are copied. Reads nothing but names.
import { join } from 'node:path'
import { isId, journalNumberOf } from './documents.ts'
import { LEFTOVER_NAME } from './files.ts'
import type { Files } from './files.ts'
import { LOCK_NAME } from './lock.ts'

/** `leftover`: of a write that never came to its end. `foreign`: not the relay's. */
export type FileKind =
  | 'relay'
  | 'invites'
  | 'user'
  | 'room'
  | 'reads'
  | 'segment'
  | 'fingerprints'
  | 'run'
  | 'late'
  | 'avatar'
  | 'certificate'
  | 'journal'
  | 'backup'
  | 'lock'
  | 'leftover'
  | 'foreign'

export interface DataFile {
  kind: FileKind
  /** From the data directory, with `/`. */
  path: string
  /** Of the user or room that it belongs to; of an avatar, whose it is. */
  id?: string
  /** Of the segment, run or journal file. */
  number?: number
}

/** The document that says that a directory is a complete backup, and of what files (backup.ts). */
export const BACKUP_FILE = 'backup.json'

const SEGMENT_NAME = /^(\d{6,})(\.ids)?\.json$/
const RUN_NAME = /^(ids|late)-(\d{6,})\.json$/

/**
 * Everything in the directory; relay.json first and the journal last, which is the order in which a copy of a running relay has to be
 * made. The journal is listed when it is its turn.
 */
export async function* dataFiles(files: Files, dataDir: string): AsyncGenerator<DataFile> {
  const top = (await files.readdir(dataDir)).toSorted()
  const ours = ['relay.json', 'invites.json', 'users', 'rooms', 'avatars', 'tls', 'journal']
  for (const path of ['relay.json', 'invites.json'] as const) {
    if (top.includes(path)) yield { kind: path === 'relay.json' ? 'relay' : 'invites', path }
  }
  for (const name of top) {
    if (!ours.includes(name)) yield { ...(name === BACKUP_FILE ? { kind: 'backup' } : remainder(name)), path: name }
  }
  if (top.includes('users')) yield* filesById(files, dataDir, 'users', 'user')
  if (top.includes('rooms')) {
    for (const id of (await files.readdir(join(dataDir, 'rooms'))).toSorted()) {
      if (isId(id)) yield* roomFiles(files, dataDir, id)
      else yield { ...remainder(id), path: `rooms/${id}` }
    }
  }
  if (top.includes('avatars')) yield* filesById(files, dataDir, 'avatars', 'avatar')
  if (top.includes('tls')) {
    // The relay's own certificate (server/tls/), by which its devices know it: it belongs to the relay's identity as relay.json does.
    for (const name of (await files.readdir(join(dataDir, 'tls'))).toSorted()) {
      yield { ...(name === 'own.pem' ? { kind: 'certificate' } : remainder(name)), path: `tls/${name}` }
    }
  }
  if (top.includes('journal')) yield* journalFiles(files, dataDir)
}

async function* filesById(
  files: Files,
  dataDir: string,
  directory: string,
  kind: 'user' | 'avatar'
): AsyncGenerator<DataFile> {
  for (const name of (await files.readdir(join(dataDir, directory))).toSorted()) {
    const id = name.endsWith('.json') ? name.slice(0, -'.json'.length) : ''
    yield { ...(isId(id) ? { kind, id } : remainder(name)), path: `${directory}/${name}` }
  }
}

async function* roomFiles(files: Files, dataDir: string, id: string): AsyncGenerator<DataFile> {
  for (const name of (await files.readdir(join(dataDir, 'rooms', id))).toSorted()) {
    const path = `rooms/${id}/${name}`
    const segment = SEGMENT_NAME.exec(name)
    const run = RUN_NAME.exec(name)
    if (name === 'room.json') yield { kind: 'room', path, id }
    else if (name === 'reads.json') yield { kind: 'reads', path, id }
    else if (segment)
      yield { kind: segment[2] === undefined ? 'segment' : 'fingerprints', path, id, number: Number(segment[1]) }
    else if (run) yield { kind: run[1] === 'ids' ? 'run' : 'late', path, id, number: Number(run[2]) }
    else yield { ...remainder(name), path }
  }
}

/** In the order of their numbers. */
export async function* journalFiles(files: Files, dataDir: string): AsyncGenerator<DataFile> {
  const names = await files.readdir(join(dataDir, 'journal'))
  const numbered = names.map((name) => ({ name, number: journalNumberOf(name) }))
  for (const { name, number } of numbered.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))) {
    const path = `journal/${name}`
    if (number === undefined) yield { ...remainder(name), path }
    else yield { kind: 'journal', path, number }
  }
}

/** Whether a copy has to have it. */
export function isData({ kind }: DataFile): boolean {
  return !['backup', 'lock', 'leftover', 'foreign'].includes(kind)
}

function remainder(name: string): { kind: 'lock' | 'leftover' | 'foreign' } {
  // Where a running relay is reached by commands (admin-door.ts): good for nothing once it has stopped, as a lock.
  if (LOCK_NAME.test(name) || /^admin\.json(\.tmp)?$/.test(name)) return { kind: 'lock' }
  return { kind: LEFTOVER_NAME.test(name) ? 'leftover' : 'foreign' }
}
