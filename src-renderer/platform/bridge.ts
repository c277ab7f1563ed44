// The one door between the page and the desktop shell around it. In a browser there is none. Shared with src-main, which keeps its promises.

/** Where a secret has gone: into the keyring's care, into a file that the person asked for, or nowhere (this run only). */
export type SecretKept = 'encrypted' | 'file' | 'this-run-only'

/** What the shell sees where the page only sees that nothing came back. `unknown`: none of these, or somebody answered. */
export type UnreachableReason = 'name-not-found' | 'refused' | 'certificate' | 'unknown'

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
  /** The number on the app's icon; 0 for none. */
  badge(count: number): Promise<void>
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
}

/** Null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  return (globalThis as { maruDesktop?: DesktopBridge }).maruDesktop ?? null
}
