// Finds the Electron binary, and why the desktop app cannot be started. Never loads the `electron` package: that would download.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

const DOWNLOAD_TIMEOUT_MS = 3 * 60_000

/**
 * Where Electron's own index.js would look, but without its download.
 * @param {{ folder?: string, env?: NodeJS.ProcessEnv }} [from]
 * @returns {string | undefined} the path of a file that is there
 */
export function findElectron({ folder = join(root, 'node_modules', 'electron'), env = process.env } = {}) {
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined
  const override = env['ELECTRON_OVERRIDE_DIST_PATH']
  if (!override && name === undefined) return undefined
  const file = override ? join(override, name ?? 'electron') : join(folder, 'dist', name ?? '')
  return existsSync(file) ? file : undefined
}

/** @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform }} [of] */
export function hasDisplay({ env = process.env, platform = process.platform } = {}) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/**
 * @param {{ folder?: string, env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform }} [where]
 * @returns {string | undefined} why the desktop app cannot be started here and now; undefined when nothing speaks against it
 */
export function whyNoElectron(where) {
  if (findElectron(where) === undefined) return 'Electron is not installed (npx install-electron --no)'
  if (!hasDisplay(where)) return 'this machine has no display (xvfb-run -a makes one)'
  return undefined
}

/**
 * Downloads Electron if it is missing, as `npx install-electron --no` does, within three minutes.
 * @param {AbortSignal} signal gives up
 * @returns {Promise<string | undefined>} the binary, or undefined if it could not be had
 */
export async function obtainElectron(signal) {
  const found = findElectron()
  if (found !== undefined) return found
  console.log('Downloading Electron for the desktop app (once) …')
  const installer = spawn(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    stdio: 'ignore',
    timeout: DOWNLOAD_TIMEOUT_MS,
    signal
  })
  await new Promise((resolve) => {
    installer.on('error', resolve)
    installer.on('exit', resolve)
  })
  return findElectron()
}
