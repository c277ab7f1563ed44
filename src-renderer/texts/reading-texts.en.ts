// The words of who has read what, in English.
import type { ReadingTexts } from './reading-texts.ts'

export const readingTextsEn: ReadingTexts = {
  readers: {
    unread: (count) => `Sent, ${count === 1 ? '1 person has' : `${count} people have`} not read it`,
    read: 'Read',
    show: 'Who has read it',
    title: 'Who has read it',
    which: 'People who are listed',
    readBy: (count) => `Read ${count}`,
    unreadBy: (count) => `Not read ${count}`,
    nobody: 'Nobody has read it yet.',
    everybody: 'Everybody has read it.',
    more: 'Show more people',
    leftOut: 'People who joined later, and people who do not show what they have read, are not counted.'
  },
  privacy: {
    title: 'What others see of you',
    availability: 'Your presence',
    availabilities: { auto: 'Automatic', dnd: 'Do not disturb', invisible: 'Invisible' },
    availabilityText: {
      auto: 'People you share a room with see whether you are online, away or offline.',
      dnd: 'People see that you do not want to be disturbed, and you get no notifications.',
      invisible: 'You look offline to everybody, and nobody sees you typing.'
    },
    receipts: 'Show what I have read',
    receiptsText:
      'Without it nobody is told what you have read, and you do not see who has read what. Your own devices still agree on what is unread.'
  }
}
