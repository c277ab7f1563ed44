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
  /** Calls back when there is another link to take. Returns its stop. */
  onLink(callback: () => void): () => void
}

/** Null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  return (globalThis as { maruDesktop?: DesktopBridge }).maruDesktop ?? null
}
