// Finds a Chromium for the end-to-end tests, and installs one where that is possible. Prints its path as a command.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runBin } from './setup.mjs'

const MINUTE_MS = 60_000

/** For every browser that tests and the benchmark start: nothing but what they ask of it. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic'
]

/** @returns {string | undefined} the browser Playwright would install, whether or not it is there */
function playwrightsOwn() {
  try {
    return createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
  } catch {
    return undefined // not installed yet
  }
}

function usualPlaces() {
  const { env, platform } = process
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`
    )
  }
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      (path) => path !== undefined
    )
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)))
  }
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`)
}

/**
 * On Linux a file is not yet a browser: libraries may be missing, or it only says which snap to install.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false
  if (process.platform !== 'linux') return true
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/** @returns {string | undefined} the path of a Chromium that starts; installs nothing */
export function findChromium() {
  const chosen = process.env.MARU_CHROMIUM
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`MARU_CHROMIUM names ${chosen}, but there is no such file.`)
    return chosen
  }
  return [playwrightsOwn(), ...usualPlaces()].find((path) => path !== undefined && starts(path))
}

/** @returns {string} the path of a Chromium, installed now if there was none. Throws one sentence if that fails. */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found

  console.log('No Chromium found. Asking Playwright to download one …')
  runBin('@playwright/test', 'playwright', ['install', 'chromium'], { timeout: 5 * MINUTE_MS })
  const downloaded = findChromium()
  if (downloaded) return downloaded

  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('That gave no browser that starts. Installing the chromium package …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update'], { stdio: 'inherit', env, timeout: 3 * MINUTE_MS })
    spawnSync('apt-get', ['install', '-y', 'chromium'], { stdio: 'inherit', env, timeout: 10 * MINUTE_MS })
    const packaged = findChromium()
    if (packaged) return packaged
  }
  throw new Error('The end-to-end tests need a Chromium: install Chrome or Chromium, or set MARU_CHROMIUM to its path.')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(root)
  try {
    console.log(ensureChromium())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
