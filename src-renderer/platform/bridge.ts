// The one door between the page and the desktop shell around it. In a browser there is none. Shared with src-main, which keeps its promises.

/** Where a secret has gone: into the keyring's care, into a file that the person asked for, or nowhere (this run only). */
export type SecretKept = 'encrypted' | 'file' | 'this-run-only'

/**
 * What the shell sees where the page only sees that nothing came back. `unknown`: none of these, or somebody answered. `certificate-changed`: the relay
 * shows another certificate than the one that was pinned. `restart-needed`: it shows the pinned one, which was refused before it was pinned; the browser's
 * part of the app remembers that until the app ends.
 */
export type UnreachableReason =
  'name-not-found' | 'refused' | 'certificate' | 'certificate-changed' | 'restart-needed' | 'unknown'

export interface DesktopFacts {
  /** As Node names it: `linux`, `darwin`, `win32`. */
  platform: string
  /** The app's version. */
  version: string
  /** The relay that the app was started for (`--relay=http://…`), an origin. */
  suggestedRelay?: string
}

/** Where a notification leads; null seq: to the room as it is. */
export interface NoticePlace {
  /** Of an app that may be signed in to several relays: whose room it is. To be handed back as it came. */
  relayId?: string | undefined
  roomId: string
  seq: number | null
}

/** One notification. Plain data: it goes through the shell's door, and comes back from the browser after a restart. */
export interface Notice {
  /** Another one of the same tag takes its place. */
  tag: string
  title: string
  body: string
  /** Null: to the app as it stands. */
  place: NoticePlace | null
  /** By room (asides by their own id): what it tells of up to this seq. Once all of that is read, it is withdrawn. */
  covers: Readonly<Record<string, number>>
  /** How many messages it tells of. */
  count: number
  /** Whether it calls for attention anew; else it takes the place of the one before without a stir. */
  alert: boolean
  /** Whether what is answered into it may go to everybody in the room of its place. */
  mayReply: boolean
}

/** Notifications as a shell shows them; `Notifier` of platform/notifier.ts says what each does. */
export interface ShellNotifier {
  /** Resolves when it was handed over, whether the system shows it or not. */
  show(notice: Notice): Promise<void>
  /** Takes it off the screen; one that is not there is no error. */
  withdraw(tag: string): Promise<void>
  /** Those that are on the screen, also from before the page was loaded anew, as far as the shell knows. */
  shown(): Promise<readonly Notice[]>
  /** Calls back in the window that has come to the front for it when one was clicked. Returns its stop. */
  onOpen(open: (place: NoticePlace | null) => void): () => void
  /** The number on the app's icon and in the tray; 0 for none. */
  badge(count: number): Promise<void>
  /**
   * Calls back with what the person wrote into the notification itself, where the system can. The shell keeps it until the promise resolves, and hands it
   * to the next page if it does not: with the same `id`, a UUID, by which what is handed over twice can be said once. Returns its stop.
   */
  onReply(reply: (place: NoticePlace, text: string, id: string) => Promise<void>): () => void
}

/** What the person has chosen for this app on this machine; the shell keeps it. */
export interface ShellSettings {
  /** Closing the window leaves the app running in the tray. */
  closeToTray: boolean
  startAtLogin: boolean
  spelling: boolean
  /** Look for new versions. */
  updates: boolean
}

export interface ShellSettingsPart {
  /** `can`: which of them mean something on this system and in this build; `spelling`: whether dictionaries would have to be downloaded. */
  load(): Promise<{
    settings: ShellSettings
    can: { tray: boolean; startAtLogin: boolean; spelling: 'system' | 'downloads'; updates: boolean }
  }>
  /** Resolves with what holds now. Rejects when it could not be kept or the system refused it; then nothing has changed. */
  change(patch: Partial<ShellSettings>): Promise<ShellSettings>
}

/** What the tray shows of the person, and what the person wants of it there. */
export interface ShellTray {
  /** Whether the person is not to be disturbed, as the page knows it; null while nobody is signed in. */
  showDnd(on: boolean | null): Promise<void>
  /** Calls back when the person switches it in the tray. Returns its stop. */
  onDnd(change: (on: boolean) => void): () => void
}

/** `idle`: nobody has touched it for MACHINE_IDLE_AFTER_MS. `locked`: its screen is, or it sleeps: nobody is there, whatever was touched. */
export type MachineUse = 'active' | 'idle' | 'locked'

/** So long `active` lasts after the last touch. */
export const MACHINE_IDLE_AFTER_MS = 60_000

/** A relay inside this app. */
export type HostState =
  | { name: 'off' }
  | { name: 'starting' }
  | {
      name: 'on'
      /** By which people recognise it on their network. */
      relayName: string
      /** `https://…` with the address that was chosen: for apps, which pin the certificate. */
      url: string
      /** `http://…`: for browsers of the same network. */
      browserUrl: string
      fingerprint: string
      relayId: string
      hasOwner: boolean
      /** While there is no account. */
      ownerCode?: string
      people: number
      devices: number
      names: readonly string[]
      storedBytes: number
      /** Whether the network was told of it (mDNS). */
      announced: boolean
    }
  | {
      name: 'failed'
      problem: 'port-in-use' | 'address-gone' | 'data-in-use' | 'data-damaged' | 'disk' | 'other'
      /** Where the port is in use: the next one that is not. */
      freePort?: number
    }

/** One of this machine's addresses, private ones first. */
export interface HostAddress {
  address: string
  /** The system's name of the interface. */
  interfaceName: string
  /** Of a private range: only this network reaches it. */
  isPrivate: boolean
}

export interface ShellHost {
  /** At once and on every change. Returns its stop. */
  onState(callback: (state: HostState) => void): () => void
  addresses(): Promise<readonly HostAddress[]>
  /** What was chosen the last time; null: nothing so far. */
  chosen(): Promise<{ address: string; port: number; name: string } | null>
  /** From now on the app starts it whenever it starts itself. Resolves when it is on or has failed: the state says which. */
  start(options: { address: string; port: number; name: string }): Promise<void>
  /** What is stored stays. */
  stop(): Promise<void>
  /** Asks the person for a folder. Null: the person has thought better of it. Rejects when it could not be written. */
  backup(): Promise<{ folder: string; messages: number } | null>
}

/** A relay that was found on this network. Nothing of it is true before one has asked it. */
export interface FoundRelay {
  relayId: string
  name: string
  /** `https://…` where it has a certificate of its own, else `http://…`; always an address of a network that this machine is in. */
  url: string
  fingerprint?: string
}

export type UpdateState =
  | { name: 'off' }
  | { name: 'idle'; lookedAt: string | null }
  | { name: 'looking' }
  | { name: 'available'; version: string }
  | { name: 'downloading'; version: string; percent: number }
  | { name: 'ready'; version: string }
  | { name: 'failed'; reason: 'unreachable' | 'damaged' | 'other' }

export interface ShellUpdates {
  /** At once and on every change. Returns its stop. */
  onState(callback: (state: UpdateState) => void): () => void
  look(): Promise<void>
  /** Only when the person has asked for it. */
  download(): Promise<void>
  /** Quits, as quitting does, and starts the new version. */
  install(): Promise<void>
  /** Not to be told of this version for a week. */
  postpone(): Promise<void>
}

export interface DesktopBridge {
  facts(): Promise<DesktopFacts>
  /** One secret text of this profile. What it says is the page's matter. */
  secret: {
    /** Null when there is none, or when it cannot be read any more. */
    load(): Promise<string | null>
    /** Replaces what was there. Rejects when it could neither be encrypted nor written although it should have been. */
    save(text: string): Promise<SecretKept>
    forget(): Promise<void>
    /** Where the secret is, or where it would go when there is none. */
    kept(): Promise<SecretKept>
  }
  /** Asks for a relay at this http or https address once more, and tells in one word why there was none. Takes some seconds at most. */
  whyUnreachable(url: string): Promise<UnreachableReason>
  /** Calls back after the machine woke or was unlocked: connections may be dead without having noticed. Returns its stop. */
  onResume(callback: () => void): () => void
  /** The `maru:` link by which another program opened the app, once; null for none. Anybody may have written it. */
  takeLink(): Promise<string | null>
  /** Shows notifications and the badge; absent while the shell leaves that to the page, as a browser does. */
  notifications?: ShellNotifier
  /** Calls back when there is another link to take. Returns its stop. */
  onLink(callback: () => void): () => void
  settings?: ShellSettingsPart
  tray?: ShellTray
  host?: ShellHost
  /** Looks for relays on this machine's networks as long as somebody wants to know: at once and on every change. Returns its stop. */
  findRelays?: (callback: (found: readonly FoundRelay[]) => void) => () => void
  /**
   * The relay at this https address shows a certificate of its own, and this is its fingerprint (protocol/lan.ts). From now on no other certificate is
   * accepted from its host, whoever vouches for it. Rejects where another one is pinned: that is for the person to decide.
   */
  pin?: (url: string, fingerprint: string) => Promise<void>
  /** The fingerprint that is pinned for this address; null for none. */
  pinned?: (url: string) => Promise<string | null>
  /**
   * The person has decided that whatever was pinned for this address holds no more. The app then quits and starts anew, because the browser's part of it
   * remembers what it has seen of certificates; afterwards it follows `link` (`takeLink`), if there is one. Resolves before that.
   */
  unpin?: (url: string, link: string | null) => Promise<void>
  updates?: ShellUpdates
  /** Whether somebody uses this machine: soon, and on every change. Returns its stop. */
  onIdle?: (callback: (use: MachineUse) => void) => () => void
  /** Before the app quits: it waits for the promise, but not longer than some seconds. Returns its stop. */
  onQuit?: (flush: () => Promise<void>) => () => void
}

/** Null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  return (globalThis as { maruDesktop?: DesktopBridge }).maruDesktop ?? null
}
