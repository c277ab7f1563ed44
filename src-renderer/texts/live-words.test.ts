import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ko } from './ko.ts'
import { presenceWords, typingWords } from './live-words.ts'

const users = new Map([
  ['jisu', { displayName: '지수' }],
  ['minho', { displayName: '민호' }],
  ['gone', { displayName: '' }]
])
const typing = (userIds: readonly string[], count = userIds.length, aside = false) =>
  [ko, en].map((texts) => typingWords(texts, users, { userIds, count, aside }))

test('[S14.1] one, two and many who type, in both languages', () => {
  expect(typing(['jisu'])).toEqual(['지수님이 입력 중이에요', '지수 is typing…'])
  expect(typing(['jisu', 'minho'])).toEqual(['지수님과 민호님이 입력 중이에요', '지수 and 민호 are typing…'])
  expect(typing(['jisu', 'minho', 'gone'])).toEqual(['지수님 외 2명이 입력 중이에요', '지수 and 2 others are typing…'])
  expect(typing(['jisu', 'minho', 'gone'], 1_000)).toEqual([
    '지수님 외 999명이 입력 중이에요',
    '지수 and 999 others are typing…'
  ])
})

test('a relay that names fewer than there are, and people without a name, make a sentence all the same', () => {
  expect(typing(['jisu'], 2)).toEqual(['지수님 외 1명이 입력 중이에요', '지수 and 1 other are typing…'])
  expect(typing(['gone'])).toEqual([`${ko.unknownPerson}님이 입력 중이에요`, `${en.unknownPerson} is typing…`])
})

test('[S11.5] what is written aside is told apart', () => {
  expect(typing(['jisu'], 1, true)).toEqual(['지수님이 귓속말을 입력 중이에요', '지수 is writing an aside…'])
})

const NOW = Date.parse('2026-02-20T12:00:00.000Z')
const offline = (lastSeenAt?: string) =>
  [ko, en].map((texts) =>
    presenceWords(texts, { userId: 'jisu', state: 'offline', ...(lastSeenAt === undefined ? {} : { lastSeenAt }) }, NOW)
  )

test('[S14.2] somebody offline was seen a while ago, if that is known', () => {
  expect(offline()).toEqual(['오프라인', 'Offline'])
  expect(offline('2026-02-20T11:59:30.000Z')).toEqual(['방금 전 접속', 'Last seen just now'])
  expect(offline('2026-02-20T11:55:00.000Z')).toEqual(['5분 전 접속', 'Last seen 5 minutes ago'])
  expect(offline('2026-02-18T11:55:00.000Z')).toEqual(['2일 전 접속', 'Last seen 2 days ago'])
  expect(offline('2026-02-03T11:55:00.000Z')).toEqual(['2월 3일 접속', 'Last seen on Feb 3'])
  expect(offline('nonsense')).toEqual(['오프라인', 'Offline'])
})

test('[S5] a device whose clock is behind says "just now", no negative time', () => {
  expect(offline('2026-02-20T13:00:00.000Z')).toEqual(['방금 전 접속', 'Last seen just now'])
})

test('[S14.3] who is connected is as they are, whatever else is told', () => {
  const words = (['online', 'away', 'dnd'] as const).map((state) =>
    presenceWords(ko, { userId: 'jisu', state, lastSeenAt: '2026-02-20T11:00:00.000Z' }, NOW)
  )
  expect(words).toEqual(['접속 중', '자리 비움', '방해 금지'])
})
