// For the builds that are shipped: notes from which npm packages something has gone into the bundle, so that their licences can be shipped too. Builds may
// bundle this file: it knows no place of its own.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Beside the builds' own folders. Each build writes a file into it: a list of folders, as JSON. */
export const BUNDLED_PACKAGES = 'packages'

/**
 * @param {string} path of a module or a file, as a bundler names it
 * @returns {string | undefined} the folder of the npm package that it belongs to, from `node_modules/` on; undefined for our own
 */
export function packageFolderOf(path) {
  const plain = path.replaceAll('\\', '/')
  const at = plain.lastIndexOf('node_modules/')
  const name = /^node_modules\/(?:@[^/]+\/)?[^/?]+/.exec(plain.slice(at))?.[0]
  return at === -1 || name === undefined ? undefined : plain.slice(plain.indexOf('node_modules/'), at) + name
}

/**
 * @param {string} name of the build
 * @returns {import('vite').Plugin}
 */
export function noteBundledPackages(name) {
  let folder = ''
  return {
    name: 'maru:bundled-packages',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir, '..', BUNDLED_PACKAGES)
    },
    writeBundle(_options, bundle) {
      const paths = Object.values(bundle).flatMap((each) =>
        each.type === 'chunk' ? each.moduleIds : each.originalFileNames
      )
      const folders = [...new Set(paths.map(packageFolderOf))].filter((folder) => folder !== undefined).toSorted()
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(folders, null, 2)}\n`)
    }
  }
}
