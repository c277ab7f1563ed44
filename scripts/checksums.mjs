// The checksums of what was packed, as `sha256sum -c SHA256SUMS` reads them.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What people download, and what the app asks an update server for. */
const artifact = /\.(AppImage|deb|rpm|exe|dmg|zip|blockmap)$|^latest.*\.yml$/

/**
 * Of the packages in a folder, into the same folder.
 * @param {string} folder
 * @returns {Promise<string[]>} their names
 */
export async function writeChecksums(folder) {
  const names = (await readdir(folder)).filter((name) => artifact.test(name)).toSorted()
  const lines = []
  for (const name of names) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    lines.push(`${hash.digest('hex')}  ${name}\n`)
  }
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''))
  return names
}
