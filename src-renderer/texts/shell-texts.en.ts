// English: what only the desktop app has.
import type { ShellTexts } from './shell-texts.ts'

export const shellTextsEn: ShellTexts = {
  shell: {
    title: 'This app',
    closeToTray: 'Keep running when the window is closed',
    closeToTrayText: 'Maru stays in the tray and goes on notifying you. To end it, choose Quit there.',
    startAtLogin: 'Start with the computer',
    startAtLoginText: 'Maru starts without a window when you log in to this computer.',
    spelling: 'Check spelling',
    spellingText: {
      system: 'The system checks the words. Nothing is downloaded.',
      downloads:
        'Once it is on, the dictionaries of your languages are downloaded from a Google server. What you write is checked on this computer and sent to nobody.'
    },
    problems: {
      unknown: 'The settings of this app could not be read.',
      notChanged: 'That could not be saved. Nothing has changed.',
      startRefused: 'The system did not allow it. Look at the login items in the settings of the system.'
    }
  },

  openedLink: {
    title: 'This link leads nowhere here',
    notUnderstood: 'Maru does not understand the link. It may be cut off, or made for a newer version.',
    to: {
      signedOut: (relay) => `It leads to a room on ${relay}. Sign in there, then open the link again.`,
      elsewhere: (relay) =>
        `It leads to a room on a relay that you are not signed in at (${relay}). Sign in there, then open the link again.`
    }
  }
}
