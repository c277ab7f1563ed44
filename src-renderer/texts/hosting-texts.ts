// The words of finding a relay on one's network, of hosting one in the app, and of its certificate.

type HostProblem = 'port-in-use' | 'address-gone' | 'data-in-use' | 'data-damaged' | 'disk' | 'other'

export interface HostingTexts {
  /** The three ways to a relay. */
  ways: {
    title: string
    text: string
    found: string
    looking: string
    nothingFound: string
    /** Chooses a relay that was found. */
    choose: (name: string, address: string) => string
    invite: string
    inviteText: string
    go: string
    host: string
    hostText: string
    hostHere: string
    other: string
  }

  hosting: {
    title: string
    text: string
    name: string
    nameHint: string
    /** The name to begin with. */
    defaultName: string
    address: string
    onlyThisNetwork: string
    /** Everybody on the internet may reach it. */
    everybody: string
    noAddress: string
    lookAgain: string
    port: string
    portHint: string
    badPort: string
    badName: (max: number) => string
    start: string
    starting: string
    keepsRunning: string
    problems: Record<HostProblem, string>
    /** Where the port is in use and another one is free. */
    usePort: (port: number) => string
    failed: string

    open: string
    panelTitle: string
    on: string
    announced: string
    notAnnounced: string
    state: string
    link: string
    linkHint: string
    qr: string
    fingerprint: string
    fingerprintHint: string
    connected: string
    nobody: string
    connectedWords: (people: number, devices: number) => string
    andMore: (names: readonly string[], more: number) => string
    stored: string
    noOwner: string
    ownerCode: string
    backup: string
    backupText: string
    backingUp: string
    backedUp: (messages: number, folder: string) => string
    backupFailed: string
    stop: string
    stopTitle: string
    stopText: string
    inviteFor: string
    appLink: string
    appLinkHint: string
  }

  certificates: {
    /** Beside a relay that has made its own certificate. */
    own: string
    compare: string
    isNew: string
    title: string
    text: (relay: string) => string
    before: string
    now: string
    notTold: string
    asked: string
    forget: string
    restarts: string
    failed: string
  }
}
