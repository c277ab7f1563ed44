// The words of what only the desktop app has: its own settings, and links by which other programs open it.
export interface ShellTexts {
  shell: {
    title: string
    closeToTray: string
    closeToTrayText: string
    startAtLogin: string
    startAtLoginText: string
    spelling: string
    /** Of where the words are checked against. */
    spellingText: { system: string; downloads: string }
    /** `unknown`: the settings could not be asked for. */
    problems: { unknown: string; notChanged: string; startRefused: string }
  }

  /** A link that another program opened led nowhere. */
  openedLink: {
    title: string
    notUnderstood: string
    /** To a room of a relay. */
    to: { signedOut: (relay: string) => string; elsewhere: (relay: string) => string }
  }
}
