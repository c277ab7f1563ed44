// Korean, in 해요체: who types and who is there.
import type { LiveTexts } from './live-texts.ts'
import { number } from './phrases.ko.ts'

function writers([first = '', second]: readonly string[], count: number): string {
  if (count > 2 || (count === 2 && second === undefined)) return `${first}님 외 ${number.format(count - 1)}명이`
  return count === 2 ? `${first}님과 ${second}님이` : `${first}님이`
}

export const liveTextsKo: LiveTexts = {
  live: {
    typing: (names, count) => `${writers(names, count)} 입력 중이에요`,
    typingAside: (names, count) => `${writers(names, count)} 귓속말을 입력 중이에요`,
    typingShort: '입력 중…',
    states: { online: '접속 중', away: '자리 비움', dnd: '방해 금지', offline: '오프라인' },
    seenNow: '방금 전 접속',
    seenAgo: (span) => `${span} 전 접속`,
    seenOn: (day) => `${day} 접속`
  }
}
