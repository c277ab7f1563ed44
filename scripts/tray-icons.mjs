// `node scripts/tray-icons.mjs`: draws the tray's pictures into build/: the sign of src-renderer/icon.svg with its tiles on the pixels of so small a
// size, alone and with a dot for what is unread; for macOS' menu bar as outlines in one colour. To be run when the sign changes; what it makes is committed.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureChromium } from './chromium.mjs'
import { root } from './setup.mjs'

/** Of Windows at its usual densities, and Linux, which makes the largest as small as it needs it. */
const SIZES = [16, 24, 32]
const MAC_SIZES = [16, 32]

/** The tiles of the sign, on a grid of 16: x, y, width, height, in the order of their paths in icon.svg. */
const TILES = [
  [0, 0, 9, 5],
  [10, 0, 6, 5],
  [0, 6, 4, 4],
  [5, 6, 6, 4],
  [12, 6, 4, 4],
  [0, 11, 7, 5],
  [8, 11, 8, 5]
]
const CORNER = 3.75
/** Low on the right, with a ring of nothing around it. */
const DOT = { x: 12.25, y: 12.25, radius: 3.75, ring: 1 }

const sign = await readFile(join(root, 'src-renderer/icon.svg'), 'utf8')
const [hall = '#000', ...fills] = [...sign.matchAll(/<path fill="(#[0-9a-f]{6})"/g)].map((match) => match[1] ?? '')
if (fills.length !== TILES.length) throw new Error('the sign has other tiles now: TILES follows it by hand')

/** @param {{ mac: boolean, unread: boolean, size: number }} kind */
function svgOf({ mac, unread, size }) {
  const tiles = TILES.map(
    ([x, y, width, height], index) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${mac ? '#000' : fills[index]}"/>`
  )
  const hole = unread ? `<circle cx="${DOT.x}" cy="${DOT.y}" r="${DOT.radius + DOT.ring}" fill="#000"/>` : ''
  const dot = unread ? `<circle cx="${DOT.x}" cy="${DOT.y}" r="${DOT.radius}" fill="${mac ? '#000' : '#d8382c'}"/>` : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 16 16" style="display:block">
    <mask id="m"><rect width="16" height="16" rx="${CORNER}" fill="#fff"/>${hole}</mask>
    <g mask="url(#m)">${mac ? '' : `<rect width="16" height="16" fill="${hall}"/>`}${tiles.join('')}</g>${dot}</svg>`
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] })
const page = await browser.newPage()
for (const mac of [false, true]) {
  for (const unread of [false, true]) {
    for (const size of mac ? MAC_SIZES : SIZES) {
      await page.setViewportSize({ width: size, height: size })
      await page.setContent(`<style>body{margin:0}</style>${svgOf({ mac, unread, size })}`)
      const name = ['tray', ...(mac ? ['mac'] : []), ...(unread ? ['unread'] : []), size].join('-')
      await writeFile(join(root, `build/${name}.png`), await page.screenshot({ omitBackground: true }))
    }
  }
}
await browser.close()
