// What the composition root hands to features: the store, and narrow views of what they may not import.
import type { Observable } from 'rxjs'
import type { RelayAnswer } from '../protocol/rest.ts'
import type { AvatarColor } from '../protocol/values.ts'
import type { ConnectionStatus } from './connection/connection.ts'
import type { FindEdits, FindOpenRooms, Invites, OwnAccount } from './connection/rest-account.ts'
import type { Administration } from './connection/rest-admin.ts'
import type { SecretKept } from './platform/bridge.ts'
import type { Live } from './live/live.ts'
import type { ChatStore } from './store/chat-store.ts'
import type { Pictures } from './ui/pictures.tsx'

/** Signed in: everything that the rooms need. All of it works without the network. */
export interface Services {
  me: { userId: string; username: string; displayName: string; color?: AvatarColor; isOwner: boolean }
  relayUrl: string
  store: ChatStore
  /** At this start the stored rooms and messages could not be read, and are being fetched anew. Unsent ones are untouched. */
  recordsRebuilt?: boolean
  status: Observable<ConnectionStatus>
  /** "Now": skips the wait before the next try, and makes sure of a connection that is up. */
  connectNow(): void
  /**
   * How much of all rooms' history is on the device: "12,400 of 48,213". With held = total nothing is missing. Of one room:
   * `store.queries.watchHeld`. At most a few times a second.
   */
  history: Observable<{ held: number; total: number; paused: boolean }>
  /** Stops the loading of old history in the background, or lets it go on; kept over restarts, the same in all windows. */
  pauseHistory(paused: boolean): void
  /** Who types and who is there: known while connected, and expiring by itself. */
  live: Live
  /** The room that the person looks at: it is caught up first. Null for none. */
  openRoom(roomId: string | null): void
  /** The room whose newest messages this window shows; null for none. While the person is looking at it, nothing is notified of it. */
  showsEnd(roomId: string | null): void
  /** Asks the relay for the messages before `before` that the device lacks; false when it could not (try again when connected). */
  loadOlder(roomId: string, before: number): Promise<boolean>
  /** Of people and rooms, kept on the device; own ones that are on their way too. */
  pictures: Pictures
  /** Everything of this person that this device holds, to be kept: unsent words, rooms with what was said, as JSON. */
  exportAll(): Promise<Blob>
  // What follows needs the relay; failures are `ProtocolError` or `RelayUnreachableError`.
  account: OwnAccount
  invites: Invites
  findOpenRooms: FindOpenRooms
  findEdits: FindEdits
  /** For owners of the relay. */
  administration: Administration
  /** Where the desktop shell keeps the session's token, or would after the next sign-in; null in a browser. Never rejects. */
  sessionKept(): Promise<SecretKept | null>
  /** After the relay has ended the session: the way in is shown. What is on the device stays, unsent words too. */
  signInAgain(): void
  /** Ends the session here. With `wipe` all of it goes from this device, unsent words too; without, it waits for the same user. */
  signOut(options: { wipe: boolean }): Promise<void>
}

/** One of the relays that the desktop app is signed in to. */
export interface RelayInList {
  relayId: string
  relayUrl: string
  me: Services['me']
  /** `opening`: what is stored is not there yet. `unreadable`, `broken`: it cannot be had; in front, one is told what can be done. */
  state: 'opening' | 'open' | 'unreadable' | 'broken'
  /** Null while there are none. */
  services: Services | null
}

/** Of the desktop app: all relays that it is signed in to, which run at once. */
export interface Relays {
  /** In the order in which they were added. */
  list: readonly RelayInList[]
  /** Null while the way in is in front of them. */
  frontId: string | null
  bringToFront(relayId: string): void
  /** Shows the way in to another one; these go on. */
  add(): void
}

/** Not signed in yet. Everything here needs the relay; failures are `ProtocolError` or `RelayUnreachableError`. */
export interface Accounts {
  /** The relay that served this page or that the desktop app was started for; null when there is none, or it does not answer. */
  ownRelay: { url: string; info: RelayAnswer } | null
  /** Who comes back where. Null: another relay is to be added. Undefined: whoever was signed in here last. */
  returning?: { relayUrl: string; username: string } | null
  relayInfo(url: string): Promise<RelayAnswer>
  signUp(input: {
    relayUrl: string
    username: string
    password: string
    displayName: string
    color?: AvatarColor
    invite?: string
  }): Promise<void>
  signIn(input: { relayUrl: string; username: string; password: string }): Promise<void>
  /** With a code from the owner of the relay; signs nobody in. Throws `wrong-reset`. */
  setPassword(input: { relayUrl: string; username: string; code: string; newPassword: string }): Promise<void>
}

/** When unsent messages and drafts cannot be read on this device: the rooms cannot be opened without deciding about them. */
export interface Rescue {
  /** What can still be read of them, and how many texts that is. Changes nothing. */
  read(): Promise<{ file: Blob; texts: number }>
  /** Deletes what cannot be read and opens the rooms without it. Only for who has the file. */
  startAnew(): Promise<void>
}
