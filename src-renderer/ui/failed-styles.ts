// Style sheets of parts that are loaded later, and could not be had. Vite puts them into the page, never asks for one again that has failed, and takes it
// for loaded the next time: the part would stand there without its style.

/** Of all parts: those that stand in the page in vain, by their addresses. */
const failed = new Map<string, HTMLLinkElement>()
const mending = new Map<string, Promise<void>>()
/** Half open lines tell of no failure. */
const PATIENCE_MS = 10_000

/**
 * Of one part: what `load` resolves to, when those that have failed while it was loaded before are there too. Rejects when something cannot be had; the next
 * time it is asked for again.
 */
export function withStyles(): <T>(load: () => Promise<T>) => Promise<T> {
  const missed = new Set<string>()
  return async (load) => {
    await Promise.all([...missed].map(mend))
    missed.clear()
    const note = ({ target }: Event): void => {
      if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return
      failed.set(target.href, target)
      missed.add(target.href)
    }
    // Heard before Vite hears it; such an event does not bubble.
    document.addEventListener('error', note, { capture: true })
    try {
      return await load()
    } finally {
      document.removeEventListener('error', note, { capture: true })
    }
  }
}

/** Once for all who miss it. */
function mend(href: string): Promise<void> {
  const under = mending.get(href) ?? fetchAgain(href).finally(() => mending.delete(href))
  mending.set(href, under)
  return under
}

async function fetchAgain(href: string): Promise<void> {
  const link = failed.get(href)
  if (!link) return
  const fresh = document.createElement('link')
  for (const { name, value } of link.attributes) fresh.setAttribute(name, value)
  failed.set(href, fresh)
  let patience: ReturnType<typeof setTimeout> | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error(`The style sheet ${href} could not be loaded again`))
      patience = setTimeout(fail, PATIENCE_MS)
      fresh.addEventListener('load', () => resolve())
      fresh.addEventListener('error', fail)
      link.replaceWith(fresh)
    })
  } finally {
    clearTimeout(patience)
  }
  failed.delete(href)
}
