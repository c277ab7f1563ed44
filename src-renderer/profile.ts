// Puts one signed-in profile together: store, connection and sync, and what features see of them. Knows no screen.
import { distinctUntilChanged, filter, map } from 'rxjs'
import { AWAY_AFTER_MS } from '../protocol/limits.ts'
import { asUser, formerTexts, invites, openRooms, ownAccount } from './connection/rest-account.ts'
import { administration } from './connection/rest-admin.ts'
import { picture } from './connection/rest-pictures.ts'
import { endSession, renewSession } from './connection/rest.ts'
import type { Clock } from './connection/clock.ts'
import { startConnection } from './connection/socket-connection.ts'
import { openLiveBus } from './live/live-bus.ts'
import { startLive } from './live/live.ts'
import { activeWithin } from './platform/attention.ts'
import { forgetAsideChoices } from './platform/aside-choice.ts'
import { forgetNotifySettings } from './platform/notify-settings.ts'
import { isHistoryPaused, saveHistoryPaused } from './platform/history-pause.ts'
import type { Notifications } from './notifications.ts'
import { notificationsLater } from './notifications-later.ts'
import type { Services } from './services.ts'
import { meOf } from './session.ts'
import type { Session } from './session.ts'
import { openStore } from './store/open-store.ts'
import { startPictures } from './sync/pictures.ts'
import { startSharedSync } from './sync/shared-sync.ts'
import type { Led } from './sync/shared-sync.ts'
import { startSync } from './sync/start-sync.ts'
import { openWindowBus } from './sync/window-bus.ts'
import { wipe } from './wipes.ts'

export interface Profile {
  services: Services
  /** Ends everything that runs for it; what is stored stays. */
  stop(): Promise<void>
}

export interface ProfileOptions {
  /** Where a wipe is noted before it begins. */
  kept: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  sessionKept: Services['sessionKept']
  /** This profile goes on under another session, which is to be saved [S2.4]. Nothing on the screen changes. */
  onRenewed: (session: Session) => void
  /** The person wants to sign in again to a relay that has ended the session. Without it: by signing out, which shows the way in. */
  onSignInAgain?: () => void
  /** The person has signed out here; with everything, this installation is a new device the next time [S2]. */
  onSignedOut: (how: { forgetDevice: { relayId: string; username: string } | null }) => void
  /** Something went wrong that is tried again, or was repaired: for developers. */
  onProblem: (problem: unknown) => void
}

/** Opens the device's store; everything that needs the network begins behind it. Throws `OwnDataUnreadableError`. */
export async function openProfile(session: Session, options: ProfileOptions): Promise<Profile> {
  const { relayUrl, relayId, user } = session
  const { onProblem, sessionKept } = options
  let current = session
  let renewing = false
  let recordsRebuilt = false
  const store = await openStore({
    relayId,
    userId: user.id,
    onRecordsRebuilt: (cause) => {
      recordsRebuilt = true
      onProblem(cause)
    },
    onProblem
  })

  /** [S2.4] A copied profile goes on as a device of its own, with its new token; the store stays open, so that writing goes on. */
  const becomeNewDevice = async (): Promise<void> => {
    if (renewing) return
    renewing = true
    const { deviceId, token } = await renewSession(relayUrl, current.token, { asNewDevice: true })
    current = { ...current, deviceId, token }
    options.onRenewed(current)
    await shared.restart()
    renewing = false
  }
  const onCopiedProfile = (): void => {
    becomeNewDevice().catch((error: unknown) => {
      renewing = false // asked again at the next connection
      onProblem(error)
    })
  }

  const lead = (clock: Clock): Led => {
    const connection = startConnection({ url: relayUrl, token: current.token, relayId, clock, onProblem })
    live.lead(connection)
    const sync = startSync({
      store: store.sync,
      connection,
      userId: user.id,
      clock,
      historyPaused: isHistoryPaused(window.localStorage),
      onCopiedProfile,
      onProblem
    })
    return { connection, sync }
  }

  const shared = startSharedSync({
    bus: openWindowBus(`${relayId}/${user.id}`),
    leadership: store.lead(),
    lead
  })

  const connected = shared.status.pipe(
    map(({ name }) => name === 'connected'),
    distinctUntilChanged()
  )
  const live = startLive({
    userId: user.id,
    bus: openLiveBus(`${relayId}/${user.id}`),
    up: connected,
    active: activeWithin(AWAY_AFTER_MS),
    asides: store.chat.queries.watchAsideRooms(),
    onProblem
  })

  const pictures = startPictures({
    store: store.pictures,
    ask: async (name) => picture(relayUrl, current.token, name),
    connected: connected.pipe(filter((isConnected) => isConnected)),
    onProblem
  })

  const startNotifications = async (): Promise<Notifications> => {
    const [{ startNotifications: start }, news] = await Promise.all([import('./notifications.ts'), store.openNews()])
    return start({
      profile: { relayId, userId: user.id },
      news,
      sync: shared,
      dnd: store.chat.queries.watchPreferences().pipe(map(({ availability }) => availability === 'dnd')),
      leads: store.lead(),
      onProblem
    })
  }
  const notifications = notificationsLater(
    connected.pipe(filter((isConnected) => isConnected)),
    startNotifications,
    onProblem
  )

  const stop = async (): Promise<void> => {
    notifications.stop()
    pictures.stop()
    live.stop()
    await shared.stop()
    await store.close()
  }

  const signOut: Services['signOut'] = async ({ wipe: everything }) => {
    notifications.stop({ withdraw: true })
    pictures.stop()
    live.stop()
    // Whatever does not end well here, what is stored goes and the session ends.
    await shared.stop().catch(onProblem)
    // Before the session is forgotten: if this window dies now, the next start finds the note.
    const gone = everything ? wipe(options.kept, { relayId, userId: user.id }, store) : store.close()
    try {
      if (everything) {
        forgetAsideChoices(window.localStorage, user.id)
        forgetNotifySettings(window.localStorage, user.id)
      }
      options.onSignedOut({ forgetDevice: everything ? { relayId, username: user.username } : null })
      await gone
    } catch (error) {
      // Whoever asked may be gone from the screen.
      onProblem(error)
      throw error
    } finally {
      // The relay is told if it can be reached; nobody waits for it, and the token is forgotten here either way.
      endSession(relayUrl, current.token, current.deviceId).catch(onProblem)
    }
  }

  const askRelay = asUser(() => ({ url: relayUrl, token: current.token }))

  return {
    stop,
    services: {
      me: meOf(session),
      relayUrl,
      store: store.chat,
      recordsRebuilt,
      status: shared.status,
      connectNow: () => shared.connectNow(),
      history: shared.history,
      pauseHistory: (paused) => {
        saveHistoryPaused(window.localStorage, paused)
        shared.pauseHistory(paused)
      },
      openRoom: (roomId) => shared.openRoom(roomId),
      showsEnd: (roomId) => notifications.showsEnd(roomId),
      loadOlder: async (roomId, before) => shared.loadOlder(roomId, before),
      live,
      pictures,
      exportAll: () => store.exportAll(),
      account: ownAccount(askRelay),
      invites: invites(askRelay),
      findOpenRooms: openRooms(askRelay),
      findEdits: formerTexts(askRelay),
      administration: administration(askRelay),
      sessionKept,
      signInAgain: () => {
        if (options.onSignInAgain) options.onSignInAgain()
        else signOut({ wipe: false }).catch(onProblem)
      },
      signOut
    }
  }
}
