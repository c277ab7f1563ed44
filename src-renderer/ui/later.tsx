// Parts of the screen that a start does not wait for: loaded when they are first shown, or as soon as there is time.
import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'

const waiting: (() => Promise<unknown>)[] = []

/** `load` is asked once, unless it fails: then again at the next time. Nothing is drawn until it has come. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loading: Promise<{ default: ComponentType<Props> }> | undefined
  const once = async (): Promise<{ default: ComponentType<Props> }> => {
    loading ??= load().then(
      (part) => ({ default: part }),
      (error: unknown) => {
        loading = undefined
        throw error
      }
    )
    return loading
  }
  waiting.push(once)
  const Part = lazy(once) as ComponentType<Props>
  return function Later(props: Props) {
    return (
      <Suspense>
        <Part {...props} />
      </Suspense>
    )
  }
}

/**
 * Loads all of them, one after the other, while nothing else is to be done: whoever loses the network afterwards has them. To be called
 * when the screen stands. Rejects when one cannot be had.
 */
export async function loadLater(): Promise<void> {
  for (const load of waiting) {
    await idle()
    await load()
  }
}

/** Not every browser tells when it is idle. */
async function idle(): Promise<void> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(() => resolve(), { timeout: 2_000 })
    else setTimeout(resolve, 200)
  })
}
