// Stands for the notifications until they are loaded: a start does not wait for them, and without a connection there is nothing to notify.
import type { Observable } from 'rxjs'
import type { Notifications } from './notifications.ts'

/**
 * @param connected emits at each connection; what could not be loaded at one is tried at the next
 * @param load loads and starts them
 */
export function notificationsLater(
  connected: Observable<unknown>,
  load: () => Promise<Notifications>,
  onProblem: (problem: unknown) => void
): Notifications {
  let [loading, stopped] = [false, false]
  let started: Notifications | null = null
  let shown: string | null = null

  const start = async (): Promise<void> => {
    if (loading || started !== null) return
    loading = true
    try {
      started = await load()
      if (stopped) started.stop()
      else started.showsEnd(shown)
    } catch (error) {
      onProblem(error)
    }
    loading = false
  }
  const connections = connected.subscribe(() => void start())

  return {
    showsEnd(roomId) {
      shown = roomId
      started?.showsEnd(roomId)
    },
    stop(how) {
      stopped = true
      connections.unsubscribe()
      started?.stop(how)
    }
  }
}
