// A finger that rests on something: on touch screens that asks what can be done with it, as the second mouse button does.
import { useEffect, useRef } from 'react'
import type { PointerEvent } from 'react'

/** As long as systems wait. */
export const LONG_PRESS_MS = 500
/** A finger is never quite still; further than this it scrolls. */
const STILL_PX = 10

interface Press {
  x: number
  y: number
  timer: ReturnType<typeof setTimeout>
}

/** Handlers for the element. `pressed` is called while the finger is still down, with where it is in the window. */
export function useLongPress(pressed: (point: { x: number; y: number }) => void) {
  const press = useRef<Press | null>(null)
  const end = (): void => {
    clearTimeout(press.current?.timer)
    press.current = null
  }
  useEffect(() => end, [])
  return {
    onPointerDown: ({ pointerType, isPrimary, clientX: x, clientY: y }: PointerEvent) => {
      end()
      if (pointerType !== 'touch' || !isPrimary) return
      const timer = setTimeout(() => {
        press.current = null
        pressed({ x, y })
      }, LONG_PRESS_MS)
      press.current = { x, y, timer }
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > STILL_PX) end()
    },
    onPointerUp: end,
    onPointerCancel: end
  }
}
