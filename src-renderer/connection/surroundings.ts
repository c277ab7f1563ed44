// What the window tells about the network and about the person being back. Knows no connection.

export interface Surroundings {
  /** What the device says; false is often right, true says little. */
  isOnline(): boolean
  /** Runs `run` whenever a look at the connection is worth it at once: network back or gone, window focused or shown. Returns its end. */
  onWake(run: () => void): () => void
}

/** Of the window that this runs in; where there is none (Node), always online and never woken. */
export const windowSurroundings: Surroundings = {
  isOnline: () => typeof navigator === 'undefined' || !('onLine' in navigator) || navigator.onLine,
  onWake: (run) => {
    if (typeof window === 'undefined') return () => {}
    const ifVisible = (): void => {
      if (document.visibilityState === 'visible') run()
    }
    window.addEventListener('online', run)
    window.addEventListener('offline', run)
    window.addEventListener('focus', run)
    document.addEventListener('visibilitychange', ifVisible)
    return () => {
      window.removeEventListener('online', run)
      window.removeEventListener('offline', run)
      window.removeEventListener('focus', run)
      document.removeEventListener('visibilitychange', ifVisible)
    }
  }
}
