// For the client's builds: /sw.js, which keeps a whole version of the client in the browser. Built last: it names every other file by its content. Builds may
// bundle this file: it knows no place of its own.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { build } from 'vite'
import { FIRST_FACES } from './preload-client.mjs'

/** @typedef {import('../src-renderer/offline/built-file.ts').BuiltFile} BuiltFile */

const workerFile = 'sw.js'

/**
 * Everything that was built but source maps; pieces of fonts for when they are used, but for the first. The page is listed under its address, `./`.
 * @param {string} folder
 * @returns {Promise<BuiltFile[]>}
 */
async function builtFiles(folder) {
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
        ...(path.endsWith('.woff2') && !FIRST_FACES.test(path) ? { whenUsed: /** @type {const} */ (true) } : {})
      }
    })
  )
}

/** @returns {import('vite').Plugin} */
export function serviceWorker() {
  let folder = ''
  let source = ''
  return {
    name: 'maru:service-worker',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
      source = config.root
    },
    async closeBundle() {
      const files = JSON.stringify(await builtFiles(folder))
      const version = createHash('sha256').update(files).digest('hex').slice(0, 16)
      await build({
        configFile: false,
        root: source,
        publicDir: false,
        logLevel: 'warn',
        define: { __BUILT_FILES__: files, __BUILD_VERSION__: JSON.stringify(version) },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'baseline-widely-available',
          modulePreload: false,
          rolldownOptions: {
            input: join(source, 'offline/service-worker.ts'),
            output: { format: 'iife', entryFileNames: workerFile }
          }
        }
      })
    }
  }
}
