// The version that the relay gives as its own: the package's.
import { existsSync, readFileSync } from 'node:fs'

/** From the sources, from dist-server/, and from the parts of the packaged app. */
const ABOVE = ['../package.json', '../../package.json', '../../../package.json']

/** Reads the nearest package.json above this file. */
export function relayVersion(): string {
  const file = ABOVE.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url))
  if (file === undefined) throw new Error('there is no package.json above the relay')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
