// All specs, in the Chromium of this machine; one is installed if there is none.
import { ensureChromium } from './chromium.mjs'
import { runBin } from './setup.mjs'

/** @returns {boolean} whether all passed; says why where there is no browser */
export function runPlaywright() {
  try {
    process.env.MARU_CHROMIUM = ensureChromium()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
  console.log(`Chromium: ${process.env.MARU_CHROMIUM}`)
  return runBin('@playwright/test', 'playwright', ['test'])
}
