// A directory that is read as it is and written elsewhere: what is written, renamed or removed in it is so in a scratch directory only. For
// looking at what a relay would make of its data without touching it.
import { basename, dirname, join } from 'node:path'
import type { Files } from './files.ts'

/** @param scratch an empty directory on a disk; nothing in it is worth keeping. */
export function overlaidFiles(base: Files, scratch: string): Files {
  /** Path → its file in the scratch directory; undefined: removed. */
  const changed = new Map<string, string | undefined>()
  const directories = new Set<string>()
  let count = 0
  const nameIn = (directory: string, path: string) => (dirname(path) === directory ? [basename(path)] : [])

  return {
    async makeDirectories(path) {
      for (let at = path; !directories.has(at) && dirname(at) !== at; at = dirname(at)) directories.add(at)
      return undefined
    },

    async readdir(path) {
      const there = (await base.readdir(path)).filter((name) => !changed.has(join(path, name)))
      const written = [...changed].flatMap(([each, at]) => (at === undefined ? [] : nameIn(path, each)))
      const made = [...directories].flatMap((each) => nameIn(path, each))
      return [...new Set([...there, ...written, ...made])]
    },

    async read(path) {
      if (!changed.has(path)) return base.read(path)
      const at = changed.get(path)
      return at === undefined ? undefined : base.read(at)
    },

    async size(path) {
      if (!changed.has(path)) return base.size(path)
      const at = changed.get(path)
      return at === undefined ? 0 : base.size(at)
    },

    async create(path) {
      const at = join(scratch, String(++count))
      const file = await base.create(at)
      changed.set(path, at)
      return { append: (bytes) => file.append(bytes), datasync: async () => undefined, close: () => file.close() }
    },

    async rename(from, to) {
      changed.set(to, changed.get(from))
      changed.set(from, undefined)
    },

    async unlink(path) {
      changed.set(path, undefined)
    },

    syncDirectory: async () => undefined
  }
}
