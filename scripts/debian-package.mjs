// Finds a program for a spec: in the usual places, or out of its Debian package, which is unpacked beside node_modules and not installed, so
// that nothing of it starts by itself.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
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

/**
 * A program with the libraries that it needs and this machine lacks, out of Debian's packages. Nothing is installed.
 * @template T
 * @param {string} packageName
 * @param {(folder: string) => T | undefined} look looks for it in a folder with `usr` and the like in it
 * @returns {T | undefined}
 */
export function findUnpacked(packageName, look) {
  const target = join(cache, `${packageName}-with-libraries`)
  const found = look(target)
  if (found !== undefined) return found
  // Test files run beside each other: whoever is first to have all of it puts it in place.
  const own = `${target}.${process.pid}`
  try {
    if (!unpackWithLibraries(packageName, own) || look(own) === undefined) return undefined
    if (!existsSync(target)) renameSync(own, target)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  return look(target)
}

/** @param {string} packageName @param {string} target @returns {boolean} whether apt found all that is needed and it is unpacked */
function unpackWithLibraries(packageName, target) {
  if (!existsSync('/etc/debian_version')) return false
  const archives = join(target, 'archives')
  mkdirSync(join(archives, 'partial'), { recursive: true })
  const options = [
    '-o',
    `Dir::Cache::archives=${archives}`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=root'
  ]
  const install = ['install', '--download-only', '--no-install-recommends', '--yes', packageName]
  const download = () => succeeds('apt-get', [...options, ...install], target)
  const fetched = download() || (process.getuid?.() === 0 && succeeds('apt-get', ['update']) && download())
  const files = readdirSync(archives).filter((name) => name.endsWith('.deb'))
  const unpacked = files.every((file) => succeeds('dpkg', ['-x', join(archives, file), target]))
  rmSync(archives, { recursive: true, force: true })
  return fetched && files.length > 0 && unpacked
}
