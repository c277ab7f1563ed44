// Reads what the two test runners left behind and adds it up. Knows the files and their shapes, runs nothing.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** @typedef {{ title: string, reason: string }} Told a test, and in a line why it failed or was skipped */
/**
 * `failed` counts what has no title too. `unsteady`: of those that passed, the ones that failed first, and why.
 * @typedef {{ passed: number, failed: number, failures: Told[], skipped: Told[], unsteady: Told[] }} Summary
 */

const results = join(import.meta.dirname, '..', 'test-results')
export const vitestSummaryFile = join(results, 'vitest.json')
export const playwrightReportFile = join(results, 'playwright.json')
export const desktopListFile = join(results, 'desktop-list.json')

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
 * @param {string | undefined} message with the colours of a terminal, perhaps
 * @returns {string} at most 300 characters
 */
export function firstLine(message) {
  return (
    stripVTControlCharacters(message ?? '')
      .split('\n', 1)[0]
      ?.slice(0, 300) ?? ''
  )
}

/**
 * Tests with one reason, as a block that names the reason once.
 * @param {readonly Told[]} told
 * @returns {string[]} lines
 */
export function byReason(told) {
  /** @type {Map<string, string[]>} */
  const groups = new Map()
  for (const { title, reason } of told) groups.set(reason, [...(groups.get(reason) ?? []), `- ${title}`])
  return [...groups].flatMap(([reason, lines]) => [
    `${reason === '' ? '(no reason given)' : reason} (${lines.length})`,
    ...lines
  ])
}

/**
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Summary}
 */
export function summarizePlaywright(report) {
  /** @type {Summary} */
  const summary = {
    passed: 0,
    failed: report.errors.length,
    failures: report.errors.map(({ message }) => ({ title: 'outside any spec', reason: firstLine(message) })),
    skipped: [],
    unsteady: []
  }
  /** @param {import('@playwright/test/reporter').JSONReportSuite} suite @param {string} path */
  const visit = (suite, path) => {
    for (const spec of suite.specs) {
      const title = [path, spec.title, ...spec.tags.map((tag) => `@${tag}`)].join(' > ')
      for (const test of spec.tests) {
        if (test.status === 'skipped') {
          const mark = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')
          summary.skipped.push({ title, reason: mark?.description ?? '' })
          continue
        }
        const failed = test.status === 'unexpected'
        summary[failed ? 'failed' : 'passed'] += 1
        const error = test.results.flatMap(({ errors }) => errors)[0]
        if (test.status === 'expected') continue
        summary[failed ? 'failures' : 'unsteady'].push({ title, reason: firstLine(error?.message) })
      }
    }
    for (const child of suite.suites ?? []) visit(child, `${path} > ${child.title}`)
  }
  for (const suite of report.suites) visit(suite, suite.title)
  return summary
}

/**
 * The specs that would have run in the desktop app (Playwright's `--list`), counted as skipped.
 * @param {string} reason why they could not
 * @returns {Summary['skipped'] | undefined} undefined when there is no list
 */
export function readDesktopSkips(reason) {
  if (!existsSync(desktopListFile)) return undefined
  return titlesIn(JSON.parse(readFileSync(desktopListFile, 'utf8'))).map((title) => ({
    title: `@desktop > ${title}`,
    reason
  }))
}

/**
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {string[]} of every spec in every project
 */
export function titlesIn(report) {
  /** @param {import('@playwright/test/reporter').JSONReportSuite} suite @param {string} path @returns {string[]} */
  const visit = (suite, path) => [
    ...suite.specs.flatMap(({ title, tests }) => tests.map(() => `${path} > ${title}`)),
    ...(suite.suites ?? []).flatMap((child) => visit(child, `${path} > ${child.title}`))
  ]
  return report.suites.flatMap((suite) => visit(suite, suite.title))
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
