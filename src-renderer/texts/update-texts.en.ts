// English: new versions of the desktop app.
import type { UpdateTexts } from './update-texts.ts'

export const updateTextsEn: UpdateTexts = {
  updates: {
    byItself: 'Look for new versions',
    byItselfText:
      'Once a day, at the server that whoever made this version has named. Maru says nothing of you there, and downloads nothing unasked.',
    version: (version) => `Maru ${version}`,
    look: 'Look for a new version',
    looking: 'Looking for a new version…',
    lookedAt: (when) => `Last looked: ${when}`,
    newest: 'This is the newest version.',
    available: (version) => `There is a new version: ${version}`,
    download: 'Download',
    later: 'In a week',
    laterText: 'You will be told of it again in a week.',
    downloading: (version, percent) => `Downloading version ${version}: ${percent} %`,
    ready: (version) => `Version ${version} is ready.`,
    restart: 'Restart with it',
    notNow: 'Not now',
    again: 'Try again',
    failed: {
      unreachable: 'New versions cannot be reached at the moment.',
      damaged: 'What came is damaged and was thrown away. Nothing has changed.',
      other: 'That did not work. Nothing has changed.'
    }
  }
}
