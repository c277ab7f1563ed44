// Packs what is built in out/ with electron-builder: licences first, checksums last. The one way in which packages are made, by `npm run dist` and by its spec.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { writeChecksums } from './checksums.mjs'
import { writeNotices } from './notices.mjs'
import { root } from './setup.mjs'

/** What its ways of downloading say when they fail. */
const failedDownload = /RequestError|HTTPError|got\/dist|@electron\/get|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/

/**
 * @param {string} said by electron-builder, which has failed
 * @returns {string | undefined} what whoever packs can do about it
 */
export function adviceOn(said) {
  if (!failedDownload.test(said)) return undefined
  return `
Something could not be downloaded, so nothing was packed: Electron's distribution, or a tool for making one kind of package. Both come from github.com; instead you can name
- a mirror of Electron:  ELECTRON_MIRROR=https://…/
- a folder with Electron's distribution, unpacked, for the same system and processor:  ELECTRON_DIST=/path/to/folder
- a mirror of the tools:  ELECTRON_BUILDER_BINARIES_MIRROR=https://…/`
}

/**
 * @param {readonly string[]} args for electron-builder
 * @param {{ output?: string, config?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] output: an absolute folder
 * @returns {Promise<{ succeeded: boolean, said: string, packages: string[] }>} the names of what was made
 */
export async function pack(args, options = {}) {
  const { output = join(root, 'release'), config = 'electron-builder.config.mjs', env = process.env, quiet } = options
  writeNotices()
  const builder = spawn(
    process.execPath,
    [
      join(root, 'node_modules/electron-builder/cli.js'),
      '--config',
      config,
      '--publish',
      'never',
      `-c.directories.output=${output}`,
      ...args
    ],
    { cwd: root, env: { ...env, NO_UPDATE_NOTIFIER: 'yes' }, stdio: ['ignore', 'pipe', 'pipe'] }
  )
  let said = ''
  for (const [from, to] of /** @type {const} */ ([
    [builder.stdout, process.stdout],
    [builder.stderr, process.stderr]
  ])) {
    from.on('data', (piece) => {
      said += String(piece)
      if (!quiet) to.write(piece)
    })
  }
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => {
    builder.on('error', reject)
    builder.on('close', resolve)
  })
  return { succeeded: code === 0, said, packages: code === 0 ? await writeChecksums(output) : [] }
}
