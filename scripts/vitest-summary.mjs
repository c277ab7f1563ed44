// A Vitest reporter that leaves the counts, and the reason of each skipped test, in test-results/vitest.json.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { firstLine, vitestSummaryFile } from './test-summary.mjs'

// oxlint-disable-next-line import/no-default-export -- Vitest loads reporters by their default export
export default class VitestSummary {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {import('./test-summary.mjs').Summary} */
    const summary = {
      passed: 0,
      failed: unhandledErrors.length,
      failures: unhandledErrors.map((error) => ({ title: 'outside any test', reason: firstLine(messageOf(error)) })),
      skipped: [],
      unsteady: []
    }
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') summary.passed += 1
        else if (result.state === 'failed') {
          failedTests += 1
          const title = `${module.relativeModuleId} > ${test.fullName}`
          summary.failures.push({ title, reason: firstLine(result.errors[0]?.message) })
        } else {
          const reason = 'note' in result ? result.note : undefined
          summary.skipped.push({ title: `${module.relativeModuleId} > ${test.fullName}`, reason: reason ?? '' })
        }
      }
      // A file that cannot be loaded has no tests to count, but it has failed.
      if (failedTests === 0 && module.state() === 'failed') {
        failedTests = 1
        summary.failures.push({ title: module.relativeModuleId, reason: firstLine(module.errors()[0]?.message) })
      }
      summary.failed += failedTests
    }
    mkdirSync(dirname(vitestSummaryFile), { recursive: true })
    writeFileSync(vitestSummaryFile, JSON.stringify(summary, null, 2))
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
