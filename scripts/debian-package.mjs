// Finds a program for a spec: in the usual places, or out of its Debian package, which is unpacked beside node_modules and not installed, so
// that nothing of it starts by itself.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './setup.mjs'

const MINUTE_MS = 60_000
const cache = join(root, 'node_modules', '.cache', 'debian')

/** @param {string} command @param {string[]} args @param {string} [cwd] */
function succeeds(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 3 * MINUTE_MS }).status === 0
}

/**
 * @param {{ program: string, packageName: string, versionArgument: string }} wanted
 * @returns {string | undefined} the path of the program, if it starts
 */
export function findProgram({ program, packageName, versionArgument }) {
  const unpacked = join(cache, packageName)
  const usual = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/bin']
  const places = [...usual, join(unpacked, 'usr', 'sbin'), join(unpacked, 'usr', 'bin')]
  const find = () =>
    places.map((place) => join(place, program)).find((path) => existsSync(path) && succeeds(path, [versionArgument]))

  return find() ?? (unpack(packageName, unpacked) ? find() : undefined)
}

/** @param {string} packageName @param {string} target @returns {boolean} whether the package's files are in `target` now */
function unpack(packageName, target) {
  if (!existsSync('/etc/debian_version')) return false
  mkdirSync(target, { recursive: true })
  const download = () => succeeds('apt-get', ['download', packageName], target)
  const fetched = download() || (process.getuid?.() === 0 && succeeds('apt-get', ['update']) && download())
  const file = readdirSync(target).find((name) => name.endsWith('.deb'))
  return fetched && file !== undefined && succeeds('dpkg', ['-x', join(target, file), target])
}
