// Builds the client as plain files that the relay serves (dist-web/), and /sw.js, which keeps them in the browser. `vite dev` forwards API and
// socket to a local relay.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { preloadClient } from './scripts/preload-client.mjs'
import type { BuiltFile } from './src-renderer/offline/built-file.ts'

const relay = 'http://127.0.0.1:4100'
const workerFile = 'sw.js'

/** Everything that was built but source maps; pieces of fonts for when they are used. The page is listed under its address, `./`. */
async function builtFiles(folder: string): Promise<BuiltFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((path) => !path.endsWith('.map') && path !== workerFile)
    .toSorted()
  return Promise.all(
    paths.map(async (path) => {
      const hash = createHash('sha256').update(await readFile(join(folder, path)))
      return {
        path: path === 'index.html' ? './' : path.split(sep).join('/'),
        integrity: `sha256-${hash.digest('base64')}`,
        ...(path.endsWith('.woff2') ? { whenUsed: true as const } : {})
      }
    })
  )
}

/** Builds the service worker last: it names every other file by its content. */
function serviceWorker(): Plugin {
  let folder = ''
  return {
    name: 'maru:service-worker',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      const files = JSON.stringify(await builtFiles(folder))
      const version = createHash('sha256').update(files).digest('hex').slice(0, 16)
      await build({
        configFile: false,
        root: resolve(import.meta.dirname, 'src-renderer'),
        publicDir: false,
        logLevel: 'warn',
        define: { __BUILT_FILES__: files, __BUILD_VERSION__: JSON.stringify(version) },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'baseline-widely-available',
          modulePreload: false,
          rolldownOptions: {
            input: resolve(import.meta.dirname, 'src-renderer/offline/service-worker.ts'),
            output: { format: 'iife', entryFileNames: workerFile }
          }
        }
      })
    }
  }
}

export default defineConfig({
  root: resolve(import.meta.dirname, 'src-renderer'),
  base: './',
  plugins: [react(), preloadClient(), serviceWorker()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist-web'),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: resolve(import.meta.dirname, 'src-renderer/index.html') }
  },
  server: { proxy: { '/api': relay, '/socket.io': { target: relay, ws: true } } }
})
