// The words of an app that is signed in to several relays, in Korean.
import type { RelaysTexts } from './relays-texts.ts'

export const relaysTextsKo: RelaysTexts = {
  relays: {
    title: '릴레이',
    add: '릴레이 추가',
    label: (relay, person) => `${relay}, ${person}님으로 로그인`,
    opening: '여는 중',
    notConnected: '연결 안 됨',
    signedOut: '로그아웃됨',
    cannotConnect: '연결할 수 없음',
    unreadable: '열지 못했어요'
  }
}
