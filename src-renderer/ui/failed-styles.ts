// Style sheets of parts that are loaded later, and could not be had. Vite puts them into the page, never asks for one again that has failed, and takes it
// for loaded the next time: the part would stand there without its style. Which part needs which is known to Vite alone, so that each waits for all of them.

const failed = new Set<HTMLLinkElement>()
let mending: Promise<unknown> | undefined
/** Half open lines tell of no failure. */
const PATIENCE_MS = 10_000

/** What `load` resolves to, when all that has failed before is there too. Rejects when something cannot be had; the next time it is asked for again. */
export async function withStyles<T>(load: () => Promise<T>): Promise<T> {
  mending ??= Promise.all([...failed].map(fetchAgain)).finally(() => (mending = undefined))
  await mending
  const note = ({ target }: Event): void => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failed.add(target)
  }
  // Heard before Vite hears it; such an event does not bubble.
  document.addEventListener('error', note, { capture: true })
  try {
    return await load()
  } finally {
    document.removeEventListener('error', note, { capture: true })
  }
}

async function fetchAgain(link: HTMLLinkElement): Promise<void> {
  const fresh = document.createElement('link')
  for (const { name, value } of link.attributes) fresh.setAttribute(name, value)
  failed.delete(link)
  failed.add(fresh)
  let patience: ReturnType<typeof setTimeout> | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error(`The style sheet ${fresh.href} could not be loaded again`))
      patience = setTimeout(fail, PATIENCE_MS)
      fresh.addEventListener('load', () => resolve())
      fresh.addEventListener('error', fail)
      link.replaceWith(fresh)
    })
  } finally {
    clearTimeout(patience)
  }
  failed.delete(fresh)
}
