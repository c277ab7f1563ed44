// Where something that opens stands: beside an element, or at a point.

/** An element, or a point of the window in px. */
export type MenuAnchor = Element | { x: number; y: number }

/** It stays where it opened, also when its button goes (one that is shown under the pointer only does), but in the window. */
export function placeOf(anchor: MenuAnchor) {
  const rect = () => {
    if (anchor instanceof Element) return anchor.getBoundingClientRect()
    return DOMRect.fromRect({ ...anchor, width: 0, height: 0 })
  }
  let last = rect()
  return {
    ...(anchor instanceof Element ? { contextElement: anchor } : {}),
    getBoundingClientRect: () => {
      if (!(anchor instanceof Element) || anchor.isConnected) last = rect()
      const { x, y, width, height } = last
      return DOMRect.fromRect({
        x: Math.min(x, window.innerWidth - width),
        y: Math.min(y, window.innerHeight - height),
        width,
        height
      })
    }
  }
}
