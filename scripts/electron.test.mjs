import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findElectron, hasDisplay, whyNoElectron } from './electron.mjs'

/** @type {string} */
let folder

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-electron-'))
})

afterEach(async () => rm(folder, { recursive: true }))

/** @param {string} dist @param {string} [name] */
async function install(dist, name = 'electron') {
  await mkdir(dist, { recursive: true })
  await writeFile(join(dist, name), '')
}

describe('the Electron binary', () => {
  it('is where the package says, if it is there at all', async () => {
    expect(findElectron({ folder, env: {} })).toBeUndefined()
    await writeFile(join(folder, 'path.txt'), 'electron')
    expect(findElectron({ folder, env: {} })).toBeUndefined()
    await install(join(folder, 'dist'))
    expect(findElectron({ folder, env: {} })).toBe(join(folder, 'dist', 'electron'))
  })

  it('is elsewhere where ELECTRON_OVERRIDE_DIST_PATH says so, and only if it is there', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const env = { ELECTRON_OVERRIDE_DIST_PATH: elsewhere }
    await writeFile(join(folder, 'path.txt'), 'electron')
    await install(join(folder, 'dist'))
    expect(findElectron({ folder, env })).toBeUndefined()
    await install(elsewhere)
    expect(findElectron({ folder, env })).toBe(join(elsewhere, 'electron'))
    await rm(join(folder, 'path.txt'))
    expect(findElectron({ folder, env })).toBe(join(elsewhere, 'electron'))
  })

  it('needs a display on Linux', () => {
    expect(hasDisplay({ env: {}, platform: 'linux' })).toBe(false)
    expect(hasDisplay({ env: { DISPLAY: '' }, platform: 'linux' })).toBe(false)
    expect(hasDisplay({ env: { DISPLAY: ':99' }, platform: 'linux' })).toBe(true)
    expect(hasDisplay({ env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux' })).toBe(true)
    expect(hasDisplay({ env: {}, platform: 'darwin' })).toBe(true)
  })

  it('comes with a reason where it cannot be started', async () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(whyNoElectron({ folder, env, platform: 'linux' })).toContain('not installed')
    await install(folder)
    expect(whyNoElectron({ folder, env, platform: 'linux' })).toContain('no display')
    expect(whyNoElectron({ folder, env: { ...env, DISPLAY: ':0' }, platform: 'linux' })).toBeUndefined()
  })
})
