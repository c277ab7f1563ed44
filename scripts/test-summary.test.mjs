import { describe, expect, it } from 'vitest'
import { byReason, firstLine, forbidSkipsInCi, summarizePlaywright, titlesIn } from './test-summary.mjs'

/** @param {string} title @param {object[]} specs @param {object[]} [suites] */
const suite = (title, specs, suites = []) => ({ title, specs, suites })

const report = /** @type {import('@playwright/test/reporter').JSONReport} */ (
  /** @type {unknown} */ ({
    suites: [
      suite(
        'talking.spec.ts',
        [{ title: 'both ways', tests: [{}] }],
        [suite('on a LAN', [{ title: 'a cut cable', tests: [{}] }])]
      ),
      suite('desktop.spec.ts', [{ title: 'one bridge', tests: [{}, {}] }])
    ]
  })
)

describe('specs that could not run in the desktop app', () => {
  it('are all listed, one for each project', () => {
    expect(titlesIn(report)).toEqual([
      'talking.spec.ts > both ways',
      'talking.spec.ts > on a LAN > a cut cable',
      'desktop.spec.ts > one bridge',
      'desktop.spec.ts > one bridge'
    ])
  })

  it('are the only ones that CI lets pass as skipped', () => {
    const skipped = [
      { title: '@desktop > talking.spec.ts > both ways', reason: 'Electron is not installed' },
      { title: 'talking.spec.ts > both ways', reason: '' }
    ]
    const { summary, forbidden } = forbidSkipsInCi({ passed: 3, failed: 0, failures: [], skipped, unsteady: [] })
    expect(summary).toEqual({ passed: 3, failed: 1, failures: [], skipped: skipped.slice(0, 1), unsteady: [] })
    expect(forbidden).toEqual(skipped.slice(1))
  })
})

describe('specs that were run', () => {
  it('count once each; what passed only when it ran again is told with its first failure', () => {
    /** @param {string} title @param {string} status @param {string[]} messages */
    const spec = (title, status, ...messages) => ({
      title,
      tags: [],
      tests: [{ status, annotations: [], results: messages.map((message) => ({ errors: [{ message }] })) }]
    })
    const ran = [
      spec('right', 'expected'),
      spec('wrong', 'unexpected', 'no such word', 'no such word'),
      spec('late', 'flaky', 'too late\n  at here')
    ]
    const summary = summarizePlaywright(
      /** @type {import('@playwright/test/reporter').JSONReport} */ (
        /** @type {unknown} */ ({ errors: [], suites: [suite('a.spec.ts', ran)] })
      )
    )
    expect(summary).toEqual({
      passed: 2,
      failed: 1,
      failures: [{ title: 'a.spec.ts > wrong', reason: 'no such word' }],
      skipped: [],
      unsteady: [{ title: 'a.spec.ts > late', reason: 'too late' }]
    })
  })
})

describe('what is told at the end', () => {
  it('names each reason once', () => {
    expect(
      byReason([
        { title: 'a', reason: 'no Electron' },
        { title: 'b', reason: '' },
        { title: 'c', reason: 'no Electron' }
      ])
    ).toEqual(['no Electron (2)', '- a', '- c', '(no reason given) (1)', '- b'])
  })

  it('says in one line without colours why a test failed', () => {
    expect(firstLine('\u001b[31mexpected 1 to be 2\u001b[39m\n    at here')).toBe('expected 1 to be 2')
    expect(firstLine(undefined)).toBe('')
  })
})
