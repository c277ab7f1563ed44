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
   * A frame's callbacks run before it is painted, and a message that they post is handled after that. What another callback of the same frame draws is in
   * it too, and comes after the look of this one: so each change is looked at until that message comes.
   */
  function shown(words: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const until = performance.now() + 60_000
      const { port1, port2 } = new MessageChannel()
      let [inFrame, seen] = [false, false]
      const changes = new MutationObserver(() => {
        if (inFrame) seen ||= isShown(words)
      })
      const end = (): void => {
        changes.disconnect()
        port1.close()
      }
      const look = (): void => {
        inFrame = true
        seen = isShown(words)
        port2.postMessage(null)
      }
      port1.addEventListener('message', () => {
        inFrame = false
        if (seen) {
          end()
          resolve(performance.now())
        } else if (performance.now() < until) requestAnimationFrame(look)
        else {
          end()
          reject(new Error(`nobody has seen "${words}" for a minute`))
        }
      })
      port1.start()
      changes.observe(document, { subtree: true, childList: true, characterData: true })
      requestAnimationFrame(look)
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
