// The version that the relay gives as its own: the package's.
import { readFileSync } from 'node:fs'

/** Reads package.json, which lies one folder up in the sources and beside dist-server/ alike. */
export function relayVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
