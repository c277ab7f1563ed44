// Builds what the client's benchmark runs: client and relay as they are shipped, and the page of raw Dexie, each from the sources as they are.
import { once } from 'node:events'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'dist-bench-client')
const rawFolder = join(folder, 'raw')
/** The relay serves ../dist-web as seen from here. */
export const relayProgram = join(folder, 'relay', 'main.js')

export async function buildClient(): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const common = { root, logLevel: 'error' } as const
  await build({
    ...common,
    configFile: join(root, 'vite.server.config.ts'),
    build: { outDir: join(folder, 'relay') }
  })
  // Where the relay reads its version.
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'))
  await build({
    logLevel: 'error',
    configFile: join(root, 'vite.web.config.ts'),
    build: { outDir: join(folder, 'dist-web') }
  })
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(root, 'bench', 'client', 'raw'),
    build: { outDir: rawFolder, emptyOutDir: true, target: 'baseline-widely-available' }
  })
}

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' }

/** Serves the page of raw Dexie from an origin of its own. */
export async function serveRawPage(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://raw').pathname)
    const file = join(rawFolder, path.endsWith('/') ? 'index.html' : path)
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
        })
        response.end(bytes)
      },
      () => response.writeHead(404).end()
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the raw page has no port')
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() }
}
