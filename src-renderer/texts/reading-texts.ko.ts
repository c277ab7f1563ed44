// The words of who has read what, in Korean.
import type { ReadingTexts } from './reading-texts.ts'

export const readingTextsKo: ReadingTexts = {
  readers: {
    unread: (count) => `전송됨, ${count}명이 아직 안 읽었어요`,
    read: '읽음',
    show: '읽은 사람 보기',
    title: '읽은 사람',
    which: '볼 사람 고르기',
    readBy: (count) => `읽음 ${count}명`,
    unreadBy: (count) => `안 읽음 ${count}명`,
    nobody: '아직 아무도 읽지 않았어요.',
    everybody: '모두 읽었어요.',
    more: '더 보기',
    leftOut: '나중에 들어온 사람과 읽음 표시를 끈 사람은 세지 않아요.'
  },
  privacy: {
    title: '다른 사람에게 보이는 내 모습',
    availability: '내 접속 상태',
    availabilities: { auto: '자동', dnd: '방해 금지', invisible: '오프라인으로 표시' },
    availabilityText: {
      auto: '같은 방에 있는 사람들에게 온라인, 자리 비움, 오프라인이 그대로 보여요.',
      dnd: '방해받고 싶지 않다고 보이고, 알림이 오지 않아요.',
      invisible: '모두에게 오프라인으로 보이고, 입력 중인 것도 보이지 않아요.'
    },
    receipts: '내가 읽은 것 보이기',
    receiptsText:
      '끄면 내가 어디까지 읽었는지 아무에게도 알리지 않고, 나도 다른 사람이 읽었는지 볼 수 없어요. 내 기기끼리는 그대로 맞춰요.'
  }
}
