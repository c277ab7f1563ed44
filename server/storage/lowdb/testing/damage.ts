// Ways to spoil a data directory, one file at a time, for tests of who has to notice. Knows nothing of what notices.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { documentAt } from '../atomic-json-file.ts'
import { dataFiles } from '../data-files.ts'
import { nodeFiles } from '../files.ts'

/** A copy of a data directory without its locks. */
export async function copyOf(directory: string): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), 'maru-copy-')), 'data')
  await cp(directory, copy, { recursive: true, filter: (path) => !/\.lock(\.new)?$/.test(path) })
  return copy
}

/** Changes a document and writes it again with the checksum that it then has. */
export async function rewrite(path: string, change: (document: never) => void): Promise<void> {
  const low = documentAt<unknown>(nodeFiles, path, null)
  await low.read()
  change(low.data as never)
  await low.write()
}

/** Turns one bit in the middle of a file around. */
export async function flipBit(path: string): Promise<void> {
  const content = await readFile(path)
  const at = Math.floor(content.length / 2)
  content[at] = (content[at] ?? 0) ^ 1
  await writeFile(path, content)
}

export async function cutOff(path: string, bytes: number): Promise<void> {
  const content = await readFile(path)
  await writeFile(path, content.subarray(0, content.length - bytes))
}

export async function remove(path: string): Promise<void> {
  await rm(path)
}

/** The names and contents of all files, as one hash. */
export async function hashOf(directory: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const { path } of dataFiles(nodeFiles, directory)) {
    hash.update(path).update(await readFile(join(directory, path)))
  }
  return hash.digest('hex')
}
