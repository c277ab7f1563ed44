// The words of notifications in English.
import type { NoticeTexts } from './notice-texts.ts'

const number = new Intl.NumberFormat('en')
const CAP = 100
const capped = (count: number) => (count >= CAP ? `${CAP - 1}+` : number.format(count))
const messages = (count: number) => `${capped(count)} new ${count === 1 ? 'message' : 'messages'}`

export const noticeTextsEn: NoticeTexts = {
  notices: {
    newMessages: messages,
    newFrom: (person) => `New message from ${person}`,
    mentionedBy: (person) => `${person} mentioned you`,
    said: (person, text) => `${person}: ${text}`,
    aside: (person, text) => `${person} (aside): ${text}`,
    inRooms: (rooms, count) => `${messages(count)} in ${number.format(rooms)} ${rooms === 1 ? 'room' : 'rooms'}`,
    title: (count, product) => `(${capped(count)}) ${product}`
  },

  muting: {
    title: 'Mute for how long?',
    hour: 'For 1 hour',
    eightHours: 'For 8 hours',
    tomorrow: 'Until tomorrow, 8 AM',
    forGood: 'Until I turn it on again',
    until: (time) => `Unmute (muted until ${time})`
  },

  notifySettings: {
    title: 'Notifications',
    on: 'Notify me of new messages',
    allow: 'Allow notifications',
    state: {
      granted: 'This device can show notifications.',
      ask: 'The browser has not allowed notifications yet. With the button below it will ask you.',
      denied:
        'The browser blocks notifications from this address. Allow them in the site settings at the left of the address bar, then open this again.',
      insecure:
        'Browsers show no notifications for plain http addresses. Use the desktop app, or open the relay with https. Sound and the number in the title work here too.',
      unsupported: 'This browser has no notifications. Sound and the number in the title work here too.'
    },
    words: 'What notifications show',
    wordsText: 'Name and text',
    wordsName: 'Name only',
    wordsNothing: 'Nothing',
    sound: 'Play a sound',
    tryIt: 'Listen',
    keywords: 'Keywords',
    keywordsHint: 'Separate them by commas. You hear of these words in muted rooms too.',
    tooMany: (max) => `There can be at most ${number.format(max)} keywords.`,
    tooLong: (max) => `A keyword can have at most ${number.format(max)} characters.`,
    quiet: 'Do not disturb at these hours',
    from: 'From',
    to: 'To',
    quietHint:
      'Every day at these hours there are no notifications and no sound. What is unread is counted all the same.'
  }
}
