// What is packed for whom: `npm run dist`, and docs/releasing.md, which also says what it takes of the environment.
import { updateUrl } from './scripts/update-url.mjs'

const { ELECTRON_DIST, MARU_UPDATE_URL, MARU_MAINTAINER, MARU_HOMEPAGE } = process.env
const update = updateUrl(MARU_UPDATE_URL)

/** macOS shows it when the app wants to reach the network around it for the first time. */
const localNetwork = 'Maru talks to relays on your own network, and finds them there.'

const config = /** @satisfies {import('electron-builder').Configuration} */ ({
  appId: 'chat.maru.Maru', // src-main/app-id.ts; package.json's desktopName
  productName: 'Maru',
  copyright: 'Copyright © 2026 The Maru contributors',
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  directories: { output: 'release', buildResources: 'build' },

  // The archive: what was built, and who it is. Everything is bundled: no node_modules.
  extraMetadata: { homepage: MARU_HOMEPAGE ?? 'https://localhost/' }, // deb and rpm insist on one
  files: ['out/{main,preload,renderer}/**', 'package.json', '!**/*.map', '!node_modules/**'],
  asar: true,
  npmRebuild: false,
  extraResources: [
    { from: 'LICENSE', to: 'LICENSE.txt' },
    { from: 'out/NOTICES.txt', to: 'NOTICES.txt' }
  ],
  ...(ELECTRON_DIST ? { electronDist: ELECTRON_DIST } : {}),
  electronLanguages: ['en-US', 'ko'],

  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false
  },

  protocols: [{ name: 'Maru', schemes: ['maru'] }],
  publish: update === undefined ? null : { provider: 'generic', url: update, channel: 'latest' },

  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'Network;InstantMessaging',
    executableName: 'maru',
    syncDesktopName: true,
    maintainer: MARU_MAINTAINER ?? 'The Maru contributors <maru@localhost>',
    desktop: { entry: { 'Name[ko]': '마루', 'Comment[ko]': '인터넷 없이도 쓸 수 있고, 우리 릴레이로 오가는 대화방' } },
    synopsis: 'A chat that works offline and syncs through your own relay',
    icon: 'build/icons'
  },
  win: { target: ['nsis'], icon: 'build/icon.ico' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, license: 'LICENSE' },
  mac: {
    target: ['dmg', 'zip'], // zip: what updates are made of
    category: 'public.app-category.social-networking',
    icon: 'build/icon.icns',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    extraResources: [{ from: 'build/lproj', to: '.' }], // the sentence below in the system's language
    extendInfo: { NSLocalNetworkUsageDescription: localNetwork, NSBonjourServices: ['_maru._tcp'] }
  }
})

export default config
