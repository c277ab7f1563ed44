import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import config from '../electron-builder.config.mjs'
import { LAN_SERVICE_TYPE } from '../protocol/lan.ts'
import { APP_ID } from '../src-main/app-id.ts'
import { packageFolderOf } from './bundled-packages.mjs'
import { writeChecksums } from './checksums.mjs'
import { noticesOf, problemsOf, readPart } from './notices.mjs'
import { adviceOn } from './pack.mjs'
import { root } from './setup.mjs'

/** @type {string} */
let folder
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-pack-'))
})
afterEach(async () => rm(folder, { recursive: true }))

describe('what is packed', () => {
  it('is known to systems by one id, and opens maru: links', async () => {
    const { desktopName } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect([config.appId, desktopName]).toEqual([APP_ID, `${APP_ID}.desktop`])
    expect(config.linux).toMatchObject({ syncDesktopName: true, executableName: 'maru' })
    expect(config.protocols).toEqual([{ name: 'Maru', schemes: ['maru'] }])
  })

  it('may look for relays on a macOS network, and says why in Korean too', async () => {
    const { NSBonjourServices: services, NSLocalNetworkUsageDescription: why } = config.mac.extendInfo
    expect(services).toEqual([`_${LAN_SERVICE_TYPE}._tcp`])
    expect(await readFile(join(root, 'build/lproj/en.lproj/InfoPlist.strings'), 'utf8')).toContain(`"${why}"`)
    expect(await readFile(join(root, 'build/lproj/ko.lproj/InfoPlist.strings'), 'utf8')).toMatch(/[가-힣]/)
  })

  it('has no address to look for new versions at unless whoever builds says one', () => {
    expect(config.publish).toBeNull()
  })
})

describe('the licences of what is bundled', () => {
  it.each([
    ['/home/a/maru/node_modules/react/index.js', 'node_modules/react'],
    ['C:\\maru\\node_modules\\@base-ui\\react\\button.js?v=1', 'node_modules/@base-ui/react'],
    ['\0/maru/node_modules/pg/node_modules/pg-types/index.js?commonjs', 'node_modules/pg/node_modules/pg-types'],
    ['../node_modules/pretendard/dist/a.woff2', 'node_modules/pretendard'],
    ['/maru/src-main/index.ts', undefined],
    ['\0rolldown/runtime.js', undefined]
  ])('%s belongs to %s', (path, package_) => {
    expect(packageFolderOf(path)).toBe(package_)
  })

  /** @param {object} manifest @param {Record<string, string>} [files] */
  async function part(manifest, files = {}) {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', ...manifest }))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return readPart(folder)
  }

  it('are told word for word, notices too', async () => {
    const found = await part(
      { license: 'Apache-2.0' },
      { LICENSE: 'The licence.\n', 'NOTICE.txt': 'By A.\n', 'a.js': '' }
    )
    expect(problemsOf([found])).toEqual([])
    expect(noticesOf([found])).toMatch(/\na 1\.0\.0\nApache-2\.0\n\nThe licence\.\n\nBy A\.\n$/)
  })

  it('are completed where somebody only says MIT, and whose it is', async () => {
    const found = await part({ license: 'MIT', author: { name: 'Minji' } })
    expect(problemsOf([found])).toEqual([])
    expect(found.texts[0]).toMatch(/^MIT License\n\nCopyright \(c\) Minji\n\nPermission is hereby granted/)
  })

  it.each([
    ['none', {}],
    ['one that nobody has looked at', { license: 'GPL-3.0' }],
    ['no text', { license: 'BSD-3-Clause', author: 'Minji' }],
    ['no author', { license: 'MIT' }]
  ])('stop the packing where there is %s', async (_what, manifest) => {
    expect(problemsOf([await part(manifest)])).not.toEqual([])
  })
})

describe('packing', () => {
  it('says what to do when something could not be downloaded, and nothing of it otherwise', () => {
    const refused =
      '  ⨯ connect ECONNREFUSED 127.0.0.1:9  failedTask=build stackTrace=RequestError: connect ECONNREFUSED'
    expect(adviceOn(refused)).toContain('ELECTRON_DIST')
    expect(adviceOn('  ⨯ Cannot find module')).toBeUndefined()
  })

  it('leaves checksums of the packages and of what tells the app of them', async () => {
    for (const name of ['Maru-1.AppImage', 'latest-linux.yml', 'builder-debug.yml'])
      await writeFile(join(folder, name), 'a')
    expect(await writeChecksums(folder)).toEqual(['Maru-1.AppImage', 'latest-linux.yml'])
    const sum = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
    expect(await readFile(join(folder, 'SHA256SUMS'), 'utf8')).toBe(
      `${sum}  Maru-1.AppImage\n${sum}  latest-linux.yml\n`
    )
  })
})
