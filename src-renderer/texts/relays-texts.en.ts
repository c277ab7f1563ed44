// The words of an app that is signed in to several relays, in English.
import type { RelaysTexts } from './relays-texts.ts'

export const relaysTextsEn: RelaysTexts = {
  relays: {
    title: 'Relays',
    add: 'Add a relay',
    label: (relay, person) => `${relay}, as ${person}`,
    opening: 'Opening',
    notConnected: 'Not connected',
    signedOut: 'Signed out',
    cannotConnect: 'Cannot connect',
    unreadable: 'Could not be opened'
  }
}
