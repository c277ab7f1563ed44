// Opens the desktop app for a relay that runs here, or says in one sentence why not. Never lets the relay fail because of it.
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { hasDisplay, obtainElectron } from './electron.mjs'
import { root } from './setup.mjs'

const READY_POLL_MS = 200

/**
 * Resolves when the relay answers; it is looked after elsewhere, and if it ends, so does this process.
 * @param {string} url
 */
async function untilReady(url) {
  for (;;) {
    const healthy = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) }).then(
      ({ ok }) => ok,
      () => false
    )
    if (healthy) return
    await wait(READY_POLL_MS)
  }
}

/**
 * Waits for the relay, gets Electron if it is missing, and opens the app, which ends with this process at the latest.
 * @param {string} url where the relay will be ready
 */
export async function openDesktopApp(url) {
  /** @param {string} why */
  const tell = (why) => console.log(`The desktop app ${why}: open ${url} in a browser.`)
  await untilReady(url)
  if (!hasDisplay()) {
    tell('was not opened because this machine has no display')
    return
  }
  const ending = new AbortController()
  process.on('exit', () => ending.abort())
  // A Ctrl+C reaches the app too, which is then gone before the relay: nothing to tell.
  let leaving = false
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => (leaving = true))
  const electron = await obtainElectron(ending.signal)
  if (electron === undefined) {
    tell('was not opened because Electron could not be downloaded')
    return
  }
  // Some editors' terminals set this: Electron would be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  const app = spawn(electron, [root, `--relay=${url}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    signal: ending.signal
  })
  app.on('error', (error) => {
    if (error.name !== 'AbortError') tell(`could not be started (${error.message})`)
  })
  app.on('exit', (code, signal) => {
    if (leaving) return
    if (code === 0) console.log('The desktop app is closed. The relay goes on; Ctrl+C ends it.')
    else tell(`ended with ${signal ?? `code ${code}`}`)
  })
}
