// The process of a headless Chromium that tells where it can be asked. Asks it nothing.
import { spawn } from 'node:child_process'
import { register } from '../processes.ts'
import { within } from '../row.ts'
import { CHROMIUM_FLAGS } from '../../scripts/chromium.mjs'
import { browserProgram, LOCALE } from './launch-options.ts'

const LISTENING_LIMIT_MS = 30_000
/** Of what the browser says, kept for telling why it ended. */
const MAX_SAID_CHARACTERS = 4_000

/** Beside those of all browsers, which Playwright gives its own: what a start or its profile depends on. */
const FLAGS = [
  '--headless',
  '--hide-scrollbars',
  '--mute-audio',
  // A mouse, which a headless browser has not.
  '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4',
  '--disable-extensions',
  '--disable-default-apps',
  // Not the experiments that builds other than Google's turn on by themselves: as under Playwright, which has filled the profile.
  '--disable-field-trial-config',
  '--no-default-browser-check',
  // Not the keyring of whoever measures.
  '--password-store=basic',
  '--use-mock-keychain',
  `--lang=${LOCALE}`,
  // The page is asked for later.
  '--no-startup-window',
  '--remote-debugging-port=0'
]

export interface Ending {
  /** Whether it ended by itself and without complaint. */
  clean: boolean
  /** How it ended, with the last that it said. */
  why: string
}

export interface ChromiumProcess {
  /** A WebSocket's address for the DevTools protocol. */
  devtoolsUrl: string
  /** Resolves when the process has ended, or could not be started. */
  ended: Promise<Ending>
  kill(): void
}

/** Resolves when the browser listens. Rejects, and leaves no process, if it ends before or takes more than 30 seconds. */
export async function startChromium(profile: string): Promise<ChromiumProcess> {
  const args = [...CHROMIUM_FLAGS, ...FLAGS, `--user-data-dir=${profile}`]
  const child = register(spawn(browserProgram(), args, { stdio: ['ignore', 'ignore', 'pipe'] }))
  const kill = (): void => void child.kill('SIGKILL')
  let said = ''
  const listening = new Promise<string>((resolve) => {
    child.stderr.on('data', (bytes: Buffer) => {
      said = `${said}${bytes.toString()}`.slice(-MAX_SAID_CHARACTERS)
      const found = /DevTools listening on (ws:\S+)\s/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', ({ message }) => resolve({ clean: false, why: `the browser did not start: ${message}` }))
    child.once('exit', (code, signal) =>
      resolve({ clean: code === 0, why: `the browser ended with ${code ?? signal}: ${said}` })
    )
  })
  const endedEarly = ended.then(({ why }): never => {
    throw new Error(why)
  })
  try {
    const devtoolsUrl = await within(
      LISTENING_LIMIT_MS,
      'where the browser listens',
      Promise.race([listening, endedEarly])
    )
    return { devtoolsUrl, ended, kill }
  } catch (error) {
    kill()
    throw error
  }
}
