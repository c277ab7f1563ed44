// When something is to be drawn that must be in the next frame, and leaves what is more urgent a moment first. Knows nothing of what is drawn.

/** A strict write and a look at what it wrote are through by then, on an idle machine (measured: 3 ms). */
const HEAD_START_MS = 4

/**
 * Calls `draw` once, after HEAD_START_MS or, if that comes earlier, as the browser begins the next frame. What was begun before (a write to the disk, and
 * what follows from it) is not kept waiting by it, and no frame is lost. Returns what takes it back.
 */
export function beforeNextFrame(draw: () => void): () => void {
  const hasFrames = typeof requestAnimationFrame === 'function'
  const cancel = (): void => {
    clearTimeout(timer)
    if (hasFrames) cancelAnimationFrame(frame)
  }
  const once = (): void => {
    cancel()
    draw()
  }
  const timer = setTimeout(once, HEAD_START_MS)
  const frame = hasFrames ? requestAnimationFrame(once) : 0
  return cancel
}
