// The words of an app that is signed in to several relays.
export interface RelaysTexts {
  relays: {
    /** All of them. */
    title: string
    add: string
    /** One of them, read aloud. */
    label: (relay: string, person: string) => string
    opening: string
    notConnected: string
    signedOut: string
    /** The app and the relay do not understand each other, or another relay is at its address. */
    cannotConnect: string
    /** What is stored on the device. */
    unreadable: string
  }
}
