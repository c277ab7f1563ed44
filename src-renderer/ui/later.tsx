// Parts of the screen that a start does not wait for: loaded when they are first shown, or as soon as there is time. What is said while one has not come
// stands in part-coming.tsx.
import { useLayoutEffect, useRef, useState } from 'react'
import type { ComponentType, ReactNode } from 'react'
import { withStyles } from './failed-styles.ts'
import { startAsking } from './part-asking.ts'
import type { Asking, How } from './part-asking.ts'
import { ComingInPlace, ComingOver } from './part-coming.tsx'

type Load<Props> = () => Promise<ComponentType<Props>>

const waiting: (() => Promise<unknown>)[] = []

/** For what somebody asks for, as a dialog or a menu: if it does not come at once, that is said over the screen, and `onClose` gives it up. */
export function later<Props extends { onClose: () => void }>(load: Load<Props>): ComponentType<Props> {
  return part(load, (how, onAgain, { onClose }) => <ComingOver {...{ how, onAgain }} onClose={() => onClose()} />)
}

/** For what fills a place of the screen, as a page: that it does not come is said where it will be. */
export function laterInPlace<Props extends object>(load: Load<Props>): ComponentType<Props> {
  return part(load, (how, onAgain) => <ComingInPlace {...{ how, onAgain }} />)
}

/** For what nobody has asked for, as a note: as long as it does not come, nobody hears of it. */
export function laterUnasked<Props extends object>(load: Load<Props>): ComponentType<Props> {
  return part(load, () => null)
}

/** `load` is asked once, unless it fails: then again. What is here already is drawn at once. */
function part<Props extends object>(
  load: Load<Props>,
  meanwhile: (how: How, onAgain: () => void, props: Props) => ReactNode
): ComponentType<Props> {
  let here: ComponentType<Props> | undefined
  let loading: Promise<ComponentType<Props>> | undefined
  const once = async (): Promise<ComponentType<Props>> => {
    loading ??= withStyles(load).then(
      (loaded) => (here = loaded),
      (error: unknown) => {
        loading = undefined
        throw error
      }
    )
    return loading
  }
  waiting.push(once)
  // Not React.lazy: it keeps a failure for ever and throws it at whatever stands above, and its Suspense shows what is here already 300 ms late.
  return function Later(props: Props) {
    const [{ Part }, setShown] = useState({ Part: here })
    const [how, setHow] = useState<How>('expected')
    const asking = useRef<Asking>(null)
    useLayoutEffect(() => {
      if (Part) return undefined
      const started = startAsking(once, { onHere: (Part) => setShown({ Part }), onHow: setHow })
      asking.current = started
      return () => started.stop()
    }, [Part])
    return Part ? <Part {...props} /> : meanwhile(how, () => asking.current?.again(), props)
  }
}

/** So many are fetched at once: few enough that what somebody asks for meanwhile does not wait behind them. */
const AT_ONCE = 3
/** A screen that is never idle is asked to bear them: each is a few milliseconds. */
const IDLE_PATIENCE_MS = 500

/**
 * Loads all of them while nothing else is to be done: whoever loses the network afterwards has them. To be called when the screen stands. Rejects when one
 * cannot be had.
 */
export async function loadLater(): Promise<void> {
  const rest = waiting.values()
  const loadRest = async (): Promise<void> => {
    for (const load of rest) {
      await idle()
      await load()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, loadRest))
}

/** Not every browser tells when it is idle. */
async function idle(): Promise<void> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(() => resolve(), { timeout: IDLE_PATIENCE_MS })
    else setTimeout(resolve, 200)
  })
}
