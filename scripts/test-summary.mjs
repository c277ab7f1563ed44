// Reads what the two test runners left behind and adds it up. Knows the files and their shapes, runs nothing.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ passed: number, failed: number, skipped: { title: string, reason: string }[] }} Summary */

const results = join(import.meta.dirname, '..', 'test-results')
export const vitestSummaryFile = join(results, 'vitest.json')
export const playwrightReportFile = join(results, 'playwright.json')

/** @returns {Summary | undefined} undefined when Vitest did not get as far as a summary */
export function readVitestSummary() {
  return existsSync(vitestSummaryFile) ? JSON.parse(readFileSync(vitestSummaryFile, 'utf8')) : undefined
}

/** @returns {Summary | undefined} undefined when Playwright did not get as far as a report */
export function readPlaywrightSummary() {
  if (!existsSync(playwrightReportFile)) return undefined
  return summarizePlaywright(JSON.parse(readFileSync(playwrightReportFile, 'utf8')))
}

/**
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Summary}
 */
export function summarizePlaywright(report) {
  /** @type {Summary} */
  const summary = { passed: 0, failed: report.errors.length, skipped: [] }
  /** @param {import('@playwright/test/reporter').JSONReportSuite} suite @param {string} path */
  const visit = (suite, path) => {
    for (const spec of suite.specs) {
      const title = [path, spec.title, ...spec.tags.map((tag) => `@${tag}`)].join(' > ')
      for (const test of spec.tests) {
        if (test.status === 'skipped') {
          const mark = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')
          summary.skipped.push({ title, reason: mark?.description ?? '' })
        } else if (test.status === 'expected') summary.passed += 1
        else summary.failed += 1
      }
    }
    for (const child of suite.suites ?? []) visit(child, `${path} > ${child.title}`)
  }
  for (const suite of report.suites) visit(suite, suite.title)
  return summary
}

/**
 * In CI a test may be skipped only for want of the desktop shell (`@desktop` in its title).
 * @param {Summary} summary
 */
export function forbidSkipsInCi(summary) {
  const allowed = summary.skipped.filter(({ title }) => title.includes('@desktop'))
  const forbidden = summary.skipped.filter(({ title }) => !title.includes('@desktop'))
  return { summary: { ...summary, failed: summary.failed + forbidden.length, skipped: allowed }, forbidden }
}
