// When something is to be drawn in the frame that comes next. Knows nothing of what is drawn.

/**
 * Calls `draw` when the browser begins the next frame, in time for it, and not in a task of its own before: what was begun by then (a write to the disk)
 * is not kept waiting. Never in a window that is hidden. Returns what takes it back.
 */
export function beforeNextFrame(draw: () => void): () => void {
  if (typeof requestAnimationFrame !== 'function') {
    const timer = setTimeout(draw)
    return () => clearTimeout(timer)
  }
  const frame = requestAnimationFrame(draw)
  return () => cancelAnimationFrame(frame)
}
