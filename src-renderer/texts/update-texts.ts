// The shape of the catalogue's part about new versions of the desktop app.

export interface UpdateTexts {
  updates: {
    /** A switch. */
    byItself: string
    byItselfText: string
    /** The version that runs. */
    version: (version: string) => string
    look: string
    looking: string
    lookedAt: (when: string) => string
    /** The person has asked, and there is none. */
    newest: string
    available: (version: string) => string
    download: string
    /** Not now: for a week. */
    later: string
    laterText: string
    /** percent: whole, 0 to 100. */
    downloading: (version: string, percent: number) => string
    ready: (version: string) => string
    restart: string
    /** The notice goes; the version stays ready. */
    notNow: string
    /** Looks once more after a failure. */
    again: string
    failed: Record<'unreachable' | 'damaged' | 'other', string>
  }
}
