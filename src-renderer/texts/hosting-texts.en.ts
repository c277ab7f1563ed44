// English: finding a relay, hosting one, and its certificate.
import type { HostingTexts } from './hosting-texts.ts'
import { number, plural } from './phrases.en.ts'

const list = new Intl.ListFormat('en', { type: 'conjunction' })

export const hostingTextsEn: HostingTexts = {
  ways: {
    title: 'Where do your people meet?',
    text: 'A relay passes on what you and your people write. Join one, or be the one who runs it.',
    found: 'On this network',
    looking: 'Looking for relays on this network…',
    nothingFound:
      'No relay was found on this network so far. Ask for an invite, or start a relay on this computer. Maru goes on looking.',
    choose: (name, address) => `${name}, ${address}`,
    invite: 'I have an invite',
    inviteText: 'Paste the link that you were sent, or write the address of the relay.',
    go: 'Continue',
    host: 'Host here',
    hostText: 'This computer becomes the relay of your family or team. What you write stays on it.',
    hostHere: 'Start a relay on this computer',
    other: 'Another relay'
  },

  hosting: {
    title: 'A relay on this computer',
    text: 'The others reach it as long as this computer is on and Maru runs.',
    name: 'Name of the relay',
    nameHint: 'By this the others find it on the network.',
    defaultName: 'Home',
    address: 'Who can reach it',
    onlyThisNetwork: 'Only this network reaches it',
    everybody: 'Everybody who knows the address reaches it, from the internet too',
    noAddress: 'This computer is in no network. Connect it to one first: otherwise nobody could reach the relay.',
    lookAgain: 'Look again',
    port: 'Port',
    portHint: 'Part of the address. Change it only if it is in use.',
    badPort: 'A port is a number from 1024 to 65535.',
    badName: (max) => `A name has 1 to ${max} characters.`,
    start: 'Start the relay',
    starting: 'Starting…',
    keepsRunning: 'It goes on when you close the window, and starts with Maru.',
    problems: {
      'port-in-use': 'Another program uses this port.',
      'address-gone': 'This computer does not have this address any more. Choose another one.',
      'data-in-use': 'Another relay uses the same data. Close the other Maru on this computer, then try again.',
      'data-damaged':
        'The data of the relay cannot be read. Nothing was changed. Restore a backup, or ask somebody who knows the relay.',
      disk: 'The relay cannot store anything. Is the disk full?',
      other: 'The relay could not be started. Please try again.'
    },
    usePort: (port) => `Use port ${port}`,
    failed: 'That did not work. Please try again.',

    open: 'Relay on this computer',
    panelTitle: 'Relay on this computer',
    on: 'Running',
    announced: 'The network was told of it: Maru apps find it.',
    notAnnounced: 'The network could not be told of it. Hand the address on instead.',
    state: 'State',
    link: 'Address for browsers',
    linkHint: 'For phones and computers of the same network, without the app.',
    qr: 'QR code of the address',
    fingerprint: 'Fingerprint of the certificate',
    fingerprintHint: 'Whoever signs in by the app can compare it: it must be the same there.',
    connected: 'Connected',
    nobody: 'Nobody is connected.',
    connectedWords: (people, devices) =>
      `${plural(people, 'person', 'people')}, ${plural(devices, 'device', 'devices')}`,
    andMore: (names, more) => list.format(more > 0 ? [...names, `${number.format(more)} more`] : names),
    stored: 'Stored',
    noOwner: 'Nobody has an account yet. The first one owns the relay and needs this code.',
    ownerCode: 'Owner code',
    backup: 'Back up to a folder',
    backupText: 'Everything that the relay holds, to put back elsewhere. It goes on running meanwhile.',
    backingUp: 'Backing up…',
    backedUp: (messages, folder) => `${plural(messages, 'message', 'messages')} backed up to ${folder}.`,
    backupFailed: 'The backup could not be written. Is there room on that disk?',
    stop: 'Stop the relay',
    stopTitle: 'Stop the relay?',
    stopText: 'Nobody reaches it then. What is stored stays, and the others can read what they have.',
    inviteFor:
      'To invite people, make an invite as the owner of the relay: its link for the app carries the fingerprint.',
    appLink: 'Invite link for the Maru app',
    appLinkHint: 'It carries the fingerprint of the relay: nobody else can pretend to be it.'
  },

  certificates: {
    own: 'This relay has made its certificate itself. From now on Maru accepts no other from it.',
    compare: 'Compare it with what the relay shows, if you can.',
    isNew: 'It is new, I have asked…',
    title: 'Another certificate',
    text: (relay) =>
      `The relay ${relay} shows another certificate than the one Maru knows. Either it was set up anew, or somebody is pretending to be it and would read what you write. Ask whoever runs it, by phone or in person.`,
    before: 'Known so far',
    now: 'In the new invite',
    notTold: 'none named',
    asked: 'I have asked whoever runs the relay, and the certificate is new',
    forget: 'Forget the old one and start Maru again',
    restarts: 'Maru closes and starts again. Nothing that you have written is lost.',
    failed: 'That did not work. Nothing has changed.'
  }
}
