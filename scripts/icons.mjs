// `node scripts/icons.mjs`: draws src-renderer/icon.svg in every size that packages need, into build/. To be run when the sign changes; what it makes is
// committed.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureChromium } from './chromium.mjs'
import { root } from './setup.mjs'

const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 256]
/** Apple's names for the PNGs of an .icns, by width. */
const MAC_KINDS = /** @type {const} */ ([
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024]
])
/** On Apple's grid a sign fills 824 of 1024. */
const MAC_SHARE = 824 / 1024

/** @param {readonly { size: number, png: Buffer }[]} images */
function icoOf(images) {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  images.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...images.map(({ png }) => png)])
}

/** @param {readonly { kind: string, png: Buffer }[]} images */
function icnsOf(images) {
  const parts = images.map(({ kind, png }) => {
    const head = Buffer.alloc(8)
    head.write(kind, 'latin1')
    head.writeUInt32BE(png.length + 8, 4)
    return Buffer.concat([head, png])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 'latin1')
  head.writeUInt32BE(8 + parts.reduce((sum, { length }) => sum + length, 0), 4)
  return Buffer.concat([head, ...parts])
}

const sign = await readFile(join(root, 'src-renderer/icon.svg'), 'utf8')
const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] })
const page = await browser.newPage()

/**
 * @param {number} size
 * @param {number} [share] of it that the sign fills
 */
async function draw(size, share = 1) {
  await page.setViewportSize({ width: size, height: size })
  const width = size * share
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:100vh}svg{width:${width}px;height:${width}px}</style>${sign}`
  )
  return page.screenshot({ omitBackground: true })
}

await mkdir(join(root, 'build/icons'), { recursive: true })
for (const size of LINUX_SIZES) await writeFile(join(root, `build/icons/${size}x${size}.png`), await draw(size))
const windows = []
for (const size of WINDOWS_SIZES) windows.push({ size, png: await draw(size) })
await writeFile(join(root, 'build/icon.ico'), icoOf(windows))
const mac = []
for (const [kind, size] of MAC_KINDS) mac.push({ kind, png: await draw(size, MAC_SHARE) })
await writeFile(join(root, 'build/icon.icns'), icnsOf(mac))
await browser.close()
