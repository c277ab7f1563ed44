// Whether something that is drawn is in view, or nearly. One observer for all of the window.
import { useCallback, useState } from 'react'

/** So far outside of the window something counts as in view. */
const NEARLY_PX = 120

const watched = new WeakMap<Element, (inView: boolean) => void>()
let observer: IntersectionObserver | null = null

function observe(element: Element, tell: (inView: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting)
    },
    { rootMargin: `${NEARLY_PX}px` }
  )
  watched.set(element, tell)
  observer.observe(element)
  return () => {
    watched.delete(element)
    observer?.unobserve(element)
  }
}

/** `ref` belongs to what is looked for. False until it was found in view; where nothing can tell, everything is. */
export function useInView(): { ref: (element: Element | null) => (() => void) | undefined; inView: boolean } {
  const canTell = typeof IntersectionObserver !== 'undefined'
  const [inView, setInView] = useState(!canTell)
  const ref = useCallback(
    (element: Element | null) => (element && canTell ? observe(element, setInView) : undefined),
    [canTell]
  )
  return { ref, inView }
}
