// The line to the app that hosts this process: a utility process of Electron has `process.parentPort`, a fork of Node `process.send`. Knows no commands.

/** Messages as they come and go: unknown until they are parsed. */
export interface ParentLine {
  /** Resolves when it is on its way. */
  tell(message: object): Promise<void>
  onMessage(hear: (message: unknown) => void): void
  /** The app is gone, or has let go of this process. */
  onGone(gone: () => void): void
}

/** What of Electron's ParentPort is used; this runs in plain Node too, where there are no types of Electron. */
interface ParentPort extends NodeJS.EventEmitter {
  postMessage(message: unknown): void
}

/** Undefined for a process that nobody forked. */
export function parentLine(own: NodeJS.Process = process): ParentLine | undefined {
  const { parentPort } = own as NodeJS.Process & { parentPort?: ParentPort | null }
  if (parentPort) return overPort(parentPort)
  return own.send === undefined ? undefined : overChannel(own)
}

function overPort(port: ParentPort): ParentLine {
  return {
    async tell(message) {
      port.postMessage(message)
    },
    onMessage: (hear) => void port.on('message', ({ data }: { data: unknown }) => hear(data)),
    onGone: (gone) => void port.on('close', gone)
  }
}

function overChannel(own: NodeJS.Process): ParentLine {
  return {
    tell: (message) =>
      new Promise((resolve) => {
        // Of an app that is gone nothing is expected: `onGone` says so.
        if (own.connected) own.send?.(message, undefined, undefined, () => resolve())
        else resolve()
      }),
    onMessage: (hear) => void own.on('message', hear),
    onGone: (gone) => void own.on('disconnect', gone)
  }
}
