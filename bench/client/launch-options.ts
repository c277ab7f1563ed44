// What every browser of the client's benchmark is started with, whoever drives it.
import { findChromium } from '../../scripts/chromium.mjs'

/** As a laptop's window. */
export const VIEWPORT = { width: 1280, height: 800 }

export const LOCALE = 'en-US'

/** A script for the page, to run before functions are handed to it: tsx marks them with their names, by a function that the page does not have. */
export const NAMED_FUNCTIONS = 'globalThis.__name = (named) => named'

/** The path of a Chromium that starts. Throws where there is none. */
export function browserProgram(): string {
  const path = findChromium()
  if (path === undefined) throw new Error('there is no Chromium here: set MARU_CHROMIUM to its path')
  return path
}
