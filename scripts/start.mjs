// `npm start`: from a fresh clone to a running relay that serves the web client, and the desktop app in front of it. `-- --lan` opens the
// relay to this network, `-- --no-desktop` leaves the app closed.
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDesktopApp } from './desktop.mjs'
import { hasDisplay } from './electron.mjs'
import { runRelay } from './relay.mjs'
import { buildIfStale, installPackages, requireNode, root } from './setup.mjs'

function readArguments() {
  try {
    const no = /** @type {const} */ ({ type: 'boolean', default: false })
    return parseArgs({ options: { lan: no, 'no-desktop': no } }).values
  } catch {
    console.error('Usage: npm start [-- [--lan] [--no-desktop]]')
    process.exit(2)
  }
}

/** @param {string} port */
function tellLanAddresses(port) {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `http://${address}:${port}`)
  if (addresses.length === 0) console.log('This machine has no address on a network: only it can reach the relay.')
  else console.log(`Others on this network open\n${addresses.map((address) => `  ${address}`).join('\n')}`)
  console.log(
    'Warning: plain http is not encrypted. Everyone on this network can read what is sent, passwords included.'
  )
}

/** The relay's address on this machine, as its settings say. @param {string} host @param {string} port */
function localUrl(host, port) {
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`
}

requireNode()
const { lan, 'no-desktop': noDesktop } = readArguments()
if (!installPackages()) {
  console.error('The packages could not be installed; the lines above say why.')
  process.exit(1)
}
if (!buildIfStale(hasDisplay() && !noDesktop ? ['web', 'server', 'desktop'] : ['web', 'server'])) {
  console.error('Maru could not be built; the lines above say why.')
  process.exit(1)
}

const port = process.env.PORT || '4100'
console.log('Starting the relay …')
if (lan) tellLanAddresses(port)
const host = lan ? '0.0.0.0' : process.env.HOST || '127.0.0.1'
runRelay(lan ? ['--invite'] : [], {
  ...process.env,
  HOST: host,
  // Others find it then, unless somebody has said that they should not.
  ...(lan ? { ANNOUNCE: process.env.ANNOUNCE || 'on' } : {}),
  PORT: port,
  DATA_DIR: process.env.DATA_DIR || join(root, 'data')
})
// Port 0 is any free one: nobody knows it yet.
if (!noDesktop && port !== '0') await openDesktopApp(localUrl(host, port))
