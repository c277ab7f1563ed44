// One running app per profile. The lock lies in userData, so `--user-data-dir` makes another profile and another instance.
import { app } from 'electron'

/** False: another instance has this profile and has been asked to come forward; this one is to quit. */
export function becomeOnlyInstance(): boolean {
  return app.requestSingleInstanceLock()
}

/** Whenever somebody starts the app once more, opens a link of its, or (macOS) clicks on it in the dock. Needs a ready app. */
export function comeForwardWhenCalled(comeForward: () => void): void {
  app.on('second-instance', comeForward)
  app.on('open-url', comeForward)
  app.on('activate', comeForward)
}
