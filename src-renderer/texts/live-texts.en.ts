// English: who types and who is there.
import type { LiveTexts } from './live-texts.ts'
import { plural } from './phrases.en.ts'

function writers([first = '', second]: readonly string[], count: number): string {
  if (count > 2 || (count === 2 && second === undefined))
    return `${first} and ${plural(count - 1, 'other', 'others')} are`
  return count === 2 ? `${first} and ${second} are` : `${first} is`
}

export const liveTextsEn: LiveTexts = {
  live: {
    typing: (names, count) => `${writers(names, count)} typing…`,
    typingAside: (names, count) => `${writers(names, count)} writing an aside…`,
    typingShort: 'Typing…',
    states: { online: 'Online', away: 'Away', dnd: 'Do not disturb', offline: 'Offline' },
    seenNow: 'Last seen just now',
    seenAgo: (span) => `Last seen ${span} ago`,
    seenOn: (day) => `Last seen on ${day}`
  }
}
