// End-to-end specs against the built web client and relay, in a Chromium that is already on this machine.
import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'
import { playwrightReportFile } from './scripts/test-summary.mjs'

const executablePath = findChromium()

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  timeout: 60_000,
  retries: 0,
  workers: 2,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['json', { outputFile: playwrightReportFile }]],
  use: {
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic'
      ]
    }
  },
  projects: [{ name: 'web', grepInvert: /@desktop/ }]
})
