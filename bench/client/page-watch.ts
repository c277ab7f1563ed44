// Runs in the page before the client does: notices when words are painted, what went over the socket, and tasks that held up the screen.
// Knows of the client only how a message's text is marked.

export interface Frame {
  /** As performance.now(). */
  at: number
  sent: boolean
  text: string
}

export interface PageWatch {
  /** The time (performance.now()) at which a message that begins with this had been painted where it can be seen. Rejects after a minute. */
  shown(start: string): Promise<number>
  /** What `prepare` asked for. */
  prepared: Promise<number> | undefined
  /** Of the last Enter, and of the last click: when the browser took note of it. */
  enterAt: number
  clickAt: number
  longTasks: { at: number; ms: number }[]
  /** Of the socket, while `recording`. */
  frames: Frame[]
  recording: boolean
}

declare global {
  interface Window {
    benchWatch: PageWatch
  }
}

/** To be handed to `addInitScript` with the words to wait for from the start on, if any. Must not use anything outside itself. */
export function installPageWatch(start: string | null): void {
  function isShown(words: string): boolean {
    const bodies = [...document.querySelectorAll('[data-testid="message-body"]')]
    const found = bodies.findLast(({ textContent }) => textContent.startsWith(words))
    if (!found) return false
    const { top, bottom } = found.getBoundingClientRect()
    return top >= 0 && bottom > 0 && bottom <= window.innerHeight && found.checkVisibility()
  }

  /**
   * Looks when the page has changed something, and asks for no frame of its own: a page that is drawing handles what else has come later. Sizes are told
   * after all callbacks of a frame and its layout, before it is painted: what is there then is in it, whoever has drawn it. A message that is posted then
   * is handled after the frame.
   */
  function shown(words: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel()
      let frameLooked = false
      const look = (): void => {
        const root = document.documentElement as Element | null
        if (root) frame.observe(root)
      }
      const changed = (): void => {
        // Once a frame; what is changed after the look is in this frame or the next.
        if (frameLooked) requestAnimationFrame(look)
        else look()
      }
      const changes = new MutationObserver(changed)
      const end = (): void => {
        clearTimeout(patience)
        changes.disconnect()
        frame.disconnect()
        document.removeEventListener('scroll', changed, true)
      }
      const frame = new ResizeObserver(() => {
        frame.disconnect()
        frameLooked = true
        if (isShown(words)) {
          end()
          port2.postMessage('shown')
        } else port2.postMessage('frame')
      })
      port1.addEventListener('message', ({ data }) => {
        frameLooked = false
        if (data !== 'shown') return
        port1.close()
        resolve(performance.now())
      })
      port1.start()
      const patience = setTimeout(() => {
        end()
        reject(new Error(`nobody has seen "${words}" for a minute`))
      }, 60_000)
      changes.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
      document.addEventListener('scroll', changed, true)
      if (document.readyState !== 'loading') look()
    })
  }

  const watch: PageWatch = {
    shown,
    prepared: start === null ? undefined : shown(start),
    enterAt: 0,
    clickAt: 0,
    longTasks: [],
    frames: [],
    recording: false
  }
  window.benchWatch = watch

  window.addEventListener('keydown', ({ key, timeStamp }) => key === 'Enter' && (watch.enterAt = timeStamp), true)
  window.addEventListener('click', ({ timeStamp }) => (watch.clickAt = timeStamp), true)
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) watch.longTasks.push({ at: startTime, ms: duration })
  }).observe({ type: 'longtask', buffered: true })

  const note = (sent: boolean, text: unknown): void => {
    if (watch.recording && typeof text === 'string') watch.frames.push({ at: performance.now(), sent, text })
  }
  const heard = new WeakSet<WebSocket>()
  // oxlint-disable-next-line typescript/unbound-method -- called with its socket below
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (this: WebSocket, data) {
    if (!heard.has(this)) this.addEventListener('message', (event: MessageEvent<unknown>) => note(false, event.data))
    heard.add(this)
    note(true, data)
    send.call(this, data)
  }
}
