// What is thrown in this process where nobody catches it, for as long as somebody wants to hear it. Node only.

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

/** Whoever listened before, a test runner say, hears nothing of it until `stop`. */
export function faultsOfProcess(hear: (error: unknown) => void): { heard(): Promise<void>; stop(): void } {
  const before = EVENTS.map((event) => ({ event, listeners: process.rawListeners(event) }))
  for (const event of EVENTS) {
    process.removeAllListeners(event)
    process.on(event, hear)
  }
  return {
    /** Resolves once all that was thrown before is heard; some is thrown in a timer [RxJS]. */
    heard: async () => {
      await new Promise<void>((resolve) => setTimeout(resolve, 1))
      await new Promise<void>((resolve) => setImmediate(resolve))
    },
    stop: () => {
      for (const { event, listeners } of before) {
        process.off(event, hear)
        for (const listener of listeners) process.on(event, listener as () => void)
      }
    }
  }
}
