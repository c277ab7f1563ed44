// Where the parts of the built app lie, as electron.vite.config.ts puts them (out/) and the packages ship them (app.asar/out/). Reads none of them.
import { join } from 'node:path'

/** `mainFolder`: that of the built main process, absolute; inside an archive it can be read from, but is nobody's working directory. */
export function bundleAt(mainFolder: string): { preload: string; client: string; hostEntry: string } {
  return {
    preload: join(mainFolder, '../preload/preload.cjs'),
    /** The client with its service worker: for app:// and, from a relay inside this app, for the browsers of the network. */
    client: join(mainFolder, '../renderer'),
    /** What a relay's own process starts with (utilityProcess.fork). */
    hostEntry: join(mainFolder, 'host.js')
  }
}
