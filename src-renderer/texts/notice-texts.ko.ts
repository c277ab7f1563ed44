// The words of notifications in Korean.
import type { NoticeTexts } from './notice-texts.ts'

const number = new Intl.NumberFormat('ko')
const CAP = 100
const capped = (count: number) => (count >= CAP ? `${CAP - 1}개 이상` : `${number.format(count)}개`)

export const noticeTextsKo: NoticeTexts = {
  notices: {
    newMessages: (count) => `새 메시지 ${capped(count)}`,
    newFrom: (person) => `${person}님의 새 메시지`,
    mentionedBy: (person) => `${person}님이 나를 언급했어요`,
    said: (person, text) => `${person}: ${text}`,
    aside: (person, text) => `${person} (귓속말): ${text}`,
    inRooms: (rooms, count) => `방 ${number.format(rooms)}개에 새 메시지 ${capped(count)}`,
    title: (count, product) => `(${count >= CAP ? `${CAP - 1}+` : count}) ${product}`
  },

  muting: {
    title: '얼마나 오래 알림을 끌까요?',
    hour: '1시간 동안',
    eightHours: '8시간 동안',
    tomorrow: '내일 오전 8시까지',
    forGood: '다시 켤 때까지',
    until: (time) => `알림 켜기 (${time}까지 꺼져 있어요)`
  },

  notifySettings: {
    title: '알림',
    on: '새 메시지 알림 받기',
    allow: '알림 허용하기',
    state: {
      granted: '이 기기에서 알림을 받을 수 있어요.',
      ask: '브라우저가 아직 알림을 허용하지 않았어요. 아래 버튼을 누르면 브라우저가 물어봐요.',
      denied:
        '브라우저가 이 주소의 알림을 막고 있어요. 주소창 왼쪽의 사이트 설정에서 알림을 허용하고 이 화면을 다시 열어 주세요.',
      insecure:
        '암호화되지 않은 http 주소에서는 브라우저가 알림을 띄우지 않아요. 데스크톱 앱을 쓰거나 릴레이를 https로 열면 받을 수 있어요. 소리와 제목의 숫자는 여기서도 돼요.',
      unsupported: '이 브라우저에는 알림 기능이 없어요. 소리와 제목의 숫자는 여기서도 돼요.'
    },
    words: '알림에 보일 내용',
    wordsText: '이름과 내용',
    wordsName: '이름만',
    wordsNothing: '숨기기',
    sound: '소리로도 알리기',
    tryIt: '들어 보기',
    keywords: '키워드 알림',
    keywordsHint: `쉼표로 나눠 적어 주세요. 알림을 끈 방에서도 이 말이 나오면 알려 드려요.`,
    tooMany: (max) => `키워드는 ${number.format(max)}개까지 쓸 수 있어요.`,
    tooLong: (max) => `키워드 하나는 ${number.format(max)}자까지 쓸 수 있어요.`,
    quiet: '방해 금지 시간',
    from: '시작',
    to: '끝',
    quietHint: '이 시간에는 매일 알림과 소리가 없어요. 읽지 않은 수는 그대로 보여요.'
  }
}
