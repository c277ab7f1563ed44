import { describe, expect, it } from 'vitest'
import { forbidSkipsInCi, titlesIn } from './test-summary.mjs'

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
    const { summary, forbidden } = forbidSkipsInCi({ passed: 3, failed: 0, skipped })
    expect(summary).toEqual({ passed: 3, failed: 1, skipped: skipped.slice(0, 1) })
    expect(forbidden).toEqual(skipped.slice(1))
  })
})
