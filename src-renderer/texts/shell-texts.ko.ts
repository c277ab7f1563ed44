// Korean, in 해요체: what only the desktop app has.
import type { ShellTexts } from './shell-texts.ts'

export const shellTextsKo: ShellTexts = {
  shell: {
    title: '이 앱',
    closeToTray: '창을 닫아도 계속 켜 두기',
    closeToTrayText: '마루가 트레이에 남아 새 메시지를 알려 드려요. 완전히 끝내려면 트레이에서 종료를 골라 주세요.',
    startAtLogin: '컴퓨터를 켤 때 함께 시작하기',
    startAtLoginText: '이 컴퓨터에 로그인하면 마루가 창 없이 시작돼요.',
    spelling: '맞춤법 검사',
    spellingText: {
      system: '맞춤법은 시스템이 검사해요. 내려받는 것은 없어요.',
      downloads:
        '켜면 쓰는 언어의 사전을 Google 서버에서 내려받아요. 쓴 글은 이 컴퓨터에서만 검사하고 어디로도 보내지 않아요.'
    },
    problems: {
      unknown: '이 앱의 설정을 읽지 못했어요.',
      notChanged: '저장하지 못했어요. 바뀐 것은 없어요.',
      startRefused: '시스템이 허용하지 않았어요. 시스템 설정의 로그인 항목을 확인해 주세요.'
    }
  },

  openedLink: {
    title: '여기서는 열 수 없는 링크예요',
    notUnderstood: '마루가 알아볼 수 없는 링크예요. 주소가 잘렸거나 더 새로운 버전의 링크일 수 있어요.',
    to: {
      signedOut: (relay) => `${relay} 릴레이에 있는 방의 링크예요. 그 릴레이에 로그인한 뒤에 링크를 다시 열어 주세요.`,
      elsewhere: (relay) =>
        `아직 로그인하지 않은 릴레이(${relay})에 있는 방의 링크예요. 그 릴레이에 로그인한 뒤에 링크를 다시 열어 주세요.`
    }
  }
}
