// `npm start`: from a fresh clone to a running relay that serves the web client. `-- --lan` opens it to this network.
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runRelay } from './relay.mjs'
import { buildIfStale, installPackages, requireNode, root } from './setup.mjs'

function readArguments() {
  try {
    return parseArgs({ options: { lan: { type: 'boolean', default: false } } }).values
  } catch {
    console.error('Usage: npm start [-- --lan]')
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

requireNode()
const { lan } = readArguments()
if (!installPackages()) {
  console.error('The packages could not be installed; the lines above say why.')
  process.exit(1)
}
if (!buildIfStale()) {
  console.error('Maru could not be built; the lines above say why.')
  process.exit(1)
}

const port = process.env.PORT || '4100'
console.log('Starting the relay …')
if (lan) tellLanAddresses(port)
runRelay(lan ? ['--invite'] : [], {
  ...process.env,
  HOST: lan ? '0.0.0.0' : process.env.HOST || '127.0.0.1',
  PORT: port,
  DATA_DIR: process.env.DATA_DIR || join(root, 'data')
})
