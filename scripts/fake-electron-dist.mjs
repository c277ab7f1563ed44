// A stand-in for Electron's distribution for Linux, for looking at what is packed where the real one cannot be had. It has the files that packing looks
// at, and starts nothing.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Before the fuses, in the binary; after it their version, their number, and a byte for each. */
export const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** As Electron is delivered: nine fuses, `1` on, `0` off. */
const WIRE = Buffer.concat([Buffer.from([1, 9]), Buffer.from('101001111')])

/**
 * @param {string} folder made when it is missing
 * @param {string} version of Electron
 */
export async function makeFakeElectronDist(folder, version) {
  await mkdir(join(folder, 'locales'), { recursive: true })
  await mkdir(join(folder, 'resources'), { recursive: true })
  /** @param {string} name @param {string | Buffer} content @param {number} [mode] */
  const put = async (name, content, mode = 0o644) => writeFile(join(folder, name), content, { mode })
  await put('electron', Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), Buffer.from(FUSE_SENTINEL), WIRE]), 0o755)
  await put('version', version)
  await put('LICENSE', 'Stand-in for the licence of Electron.\n')
  await put('LICENSES.chromium.html', '<p>Stand-in for the licences of Chromium.</p>\n')
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) await put(name, '#!/bin/sh\nexit 1\n', 0o755)
  for (const locale of ['de', 'en-US', 'fr', 'ko', 'zh-CN'])
    await put(`locales/${locale}.pak`, `Stand-in for ${locale}.\n`)
}

/**
 * @param {Buffer} binary
 * @returns {string} a character for each fuse, in Electron's order: `1` on, `0` off, `r` removed
 * @throws where there are none
 */
export function readFuses(binary) {
  const at = binary.indexOf(FUSE_SENTINEL)
  if (at === -1) throw new Error('this is no binary of Electron: it has no fuses')
  const wire = binary.subarray(at + FUSE_SENTINEL.length)
  return wire.subarray(2, 2 + (wire[1] ?? 0)).toString('latin1')
}
