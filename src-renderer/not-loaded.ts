// What stands there when something did not come without which nothing can be drawn: the client itself, its first script, or the texts. Must import nothing
// but its words.
import { beforeTexts } from './texts/before-texts.ts'

/** The style sheet may not have come either, and only the system's typeface has every syllable then. */
const PAGE =
  'display: grid; place-content: center; justify-items: center; gap: 16px; min-height: 100dvh; padding: 24px; text-align: center; white-space: pre-line; font-family: system-ui, sans-serif'
const BUTTON =
  'padding: 8px 16px; border: 1px solid; border-radius: 8px; background: none; color: inherit; font: inherit; cursor: pointer'

/** In place of the whole page, as soon as there is one. */
export function showNotLoaded(): void {
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', showNotLoaded)
    return
  }
  const words = Object.assign(document.createElement('p'), { textContent: beforeTexts.notLoaded })
  const reload = Object.assign(document.createElement('button'), { textContent: beforeTexts.reload })
  reload.addEventListener('click', () => window.location.reload())
  const main = document.createElement('main')
  main.setAttribute('role', 'alert')
  main.style.cssText = PAGE
  reload.style.cssText = BUTTON
  main.append(words, reload)
  document.body.replaceChildren(main)
}
