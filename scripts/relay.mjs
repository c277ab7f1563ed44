// Runs the built relay as a child and passes signals and its exit code on. As a command (`npm run relay`) it takes the
// relay's configuration from the environment as it is, and builds first only if there is nothing built.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfStale, installPackages, requireNode, root } from './setup.mjs'

const relayFile = join(root, 'dist-server', 'main.js')

/**
 * A SIGTERM to npm ends npm and its shell but never reaches us: we only see that our parent is gone.
 * @param {() => void} stop
 */
function stopWithParent(stop) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 300)
  watch.unref()
}

/**
 * Starts dist-server/main.js; this process then lives as long as the relay and ends with its exit code.
 * SIGINT, SIGTERM and SIGHUP ask the relay to drain and stop (SIGTERM).
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function runRelay(args, env) {
  const relay = spawn(process.execPath, ['--enable-source-maps', relayFile, ...args], { stdio: 'inherit', env })
  const stop = () => relay.kill('SIGTERM')
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop)
  if (process.env.npm_lifecycle_event) stopWithParent(stop)
  relay.on('error', (error) => {
    console.error(`The relay could not be started: ${error.message}`)
    process.exit(1)
  })
  relay.on('exit', (code, signal) => {
    if (signal) console.error(`The relay was ended by ${signal}.`)
    process.exit(code ?? 1)
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireNode()
  if (!existsSync(relayFile)) {
    console.log('The relay is not built yet.')
    if (!installPackages() || !buildIfStale()) {
      console.error('The relay could not be built; the lines above say why.')
      process.exit(1)
    }
  }
  runRelay(process.argv.slice(2), process.env)
}
