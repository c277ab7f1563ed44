// End-to-end specs against the built relay and clients: in a Chromium that is already on this machine, and in the desktop app where
// Electron is there too.
import { defineConfig } from '@playwright/test'
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs'
import { whyNoElectron } from './scripts/electron.mjs'
import { playwrightReportFile } from './scripts/test-summary.mjs'

const executablePath = findChromium()

/** Those that Playwright switches off by itself, whose switch this one takes the place of; and the address bar's list, a process for each window that nobody sees. */
const FEATURES_OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxAimPopup'
]

/** About the relay alone, about what only browsers need, with a stand-in for the shell, with sizes that a window of the app cannot have, or the same in both and long. */
const notForDesktop = [
  'accessibility',
  'backup',
  'copied-profile',
  'desktop-build',
  'device-storage',
  'full-device',
  'host-here',
  'killed-browser',
  'killed-relay',
  'late-parts',
  'messages',
  'offline-start',
  'proxies',
  'restored-relay',
  'several-relays',
  'shell-notices',
  'stopping',
  'three-devices',
  'timeline-drift',
  'windows'
].map((name) => `**/${name}.spec.ts`)

/** `npm test` counts what would have run here, and asks for nothing but the list (scripts/test-summary.mjs). */
const withDesktop = whyNoElectron() === undefined || process.env['MARU_LIST_DESKTOP'] === 'true'

export default defineConfig<object, { shell: 'web' | 'electron' }>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  // Of a machine that is busy with other things: what is right does not take longer for it.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // What fails once is told at the end of `npm test`, with its reason: one hiccup of a browser is no reason to doubt everything else.
  retries: 1,
  // For two cores: with two, one of them is idle for a fifth of the time.
  workers: 3,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['json', { outputFile: playwrightReportFile }]],
  use: {
    // A quarter of the work of a spec: `--trace retain-on-failure` where one fails.
    trace: 'off',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [...CHROMIUM_FLAGS, `--disable-features=${FEATURES_OFF.join(',')}`]
    }
  },
  projects: [
    { name: 'web', grepInvert: /@desktop/ },
    ...(withDesktop
      ? [{ name: 'electron', use: { shell: 'electron' as const }, testIgnore: notForDesktop, workers: 1 }]
      : [])
  ]
})
