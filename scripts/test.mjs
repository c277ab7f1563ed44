// `npm test`: everything this project checks, in the order that finds mistakes soonest, on a clone with nothing installed.
// Its last line is the count of all tests; its exit code is 0 only if every step succeeded and tests were run.
import { rmSync } from 'node:fs'
import { whyNoElectron } from './electron.mjs'
import { runPlaywright } from './run-playwright.mjs'
import { build, installPackages, requireNode, root, run, runBin } from './setup.mjs'
import {
  byReason,
  desktopListFile,
  forbidSkipsInCi,
  playwrightReportFile,
  readDesktopSkips,
  readPlaywrightSummary,
  readVitestSummary,
  vitestSummaryFile
} from './test-summary.mjs'

/** @typedef {import('./test-summary.mjs').Summary} Summary */

/** @type {Summary} */
const nothing = { passed: 0, failed: 0, failures: [], skipped: [], unsteady: [] }

/**
 * @param {string} title
 * @param {() => boolean} work
 * @returns {boolean} whether the step succeeded
 */
function step(title, work) {
  console.log(`\n=== ${title}`)
  const startedMs = performance.now()
  const succeeded = work()
  console.log(`=== ${title}: ${succeeded ? 'ok' : 'FAILED'} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`)
  return succeeded
}

/**
 * @param {string} title
 * @param {() => boolean} work
 * @param {() => Summary | undefined} readSummary
 * @returns {Summary} with at least one failure if the runner failed
 */
function testStep(title, work, readSummary) {
  const succeeded = step(title, work)
  const summary = readSummary() ?? nothing
  return succeeded ? summary : { ...summary, failed: Math.max(1, summary.failed) }
}

/**
 * Where the specs cannot run in the desktop app, they are listed and counted as skipped.
 * @param {string | undefined} reason
 */
function listDesktopSpecs(reason) {
  if (reason === undefined) return true
  return runBin('@playwright/test', 'playwright', ['test', '--list', '--project=electron', '--reporter=json'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, MARU_LIST_DESKTOP: 'true', PLAYWRIGHT_JSON_OUTPUT_FILE: desktopListFile }
  })
}

/** @returns {Summary} of both shells */
function runSpecs() {
  const noDesktop = whyNoElectron()
  const ran = testStep(
    noDesktop === undefined ? 'End-to-end tests in both shells' : `End-to-end tests (no desktop app: ${noDesktop})`,
    () => listDesktopSpecs(noDesktop) && runPlaywright(),
    readPlaywrightSummary
  )
  const skipped = noDesktop === undefined ? [] : readDesktopSkips(noDesktop)
  return { ...ran, skipped: [...ran.skipped, ...(skipped ?? [])] }
}

/** @param {Summary} total @param {boolean} stepsSucceeded */
function finish(total, stepsSucceeded) {
  let counted = total
  if (total.skipped.length > 0) {
    console.log('\nSkipped:')
    for (const line of byReason(total.skipped)) console.log(line)
  }
  if (process.env.CI === 'true') {
    const { summary, forbidden } = forbidSkipsInCi(total)
    counted = summary
    if (forbidden.length > 0)
      console.log(`${forbidden.length} of them count as failed: in CI only @desktop may be skipped.`)
  }
  if (counted.failures.length > 0) {
    console.log('\nFailed:')
    for (const { title, reason } of counted.failures) console.log(`- ${title}: ${reason}`)
  }
  if (counted.unsteady.length > 0) {
    console.log('\nPassed, but only when they ran again:')
    for (const { title, reason } of counted.unsteady) console.log(`- ${title}: ${reason}`)
  }
  const executed = counted.passed + counted.failed
  if (stepsSucceeded && executed === 0) console.log('No test was executed.')
  console.log(`\n${counted.passed} passed, ${counted.failed} failed, ${counted.skipped.length} skipped`)
  process.exitCode = stepsSucceeded && counted.failed === 0 && executed > 0 ? 0 : 1
}

requireNode()
process.chdir(root)
rmSync(vitestSummaryFile, { force: true })
rmSync(playwrightReportFile, { force: true })
rmSync(desktopListFile, { force: true })

const staticStepsSucceeded =
  step('Packages', installPackages) &&
  step('Lint', () => runBin('oxlint', 'oxlint', ['--type-aware'])) &&
  step('Import zones', () => run(process.execPath, ['scripts/import-zones.mjs'])) &&
  step('Format', () => runBin('prettier', 'prettier', ['--check', '.'])) &&
  step('Types', () => runBin('typescript', 'tsc', ['-b', '--force'])) &&
  step('Build', () => build('web') && build('server') && build('desktop'))

if (!staticStepsSucceeded) {
  finish(nothing, false)
} else {
  const unit = testStep('Unit tests', () => runBin('vitest', 'vitest', ['run']), readVitestSummary)
  const e2e = runSpecs()
  finish(
    {
      passed: unit.passed + e2e.passed,
      failed: unit.failed + e2e.failed,
      failures: [...unit.failures, ...e2e.failures],
      skipped: [...unit.skipped, ...e2e.skipped],
      unsteady: [...unit.unsteady, ...e2e.unsteady]
    },
    true
  )
}
