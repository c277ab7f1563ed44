// Korean, in 해요체: new versions of the desktop app.
import type { UpdateTexts } from './update-texts.ts'

export const updateTextsKo: UpdateTexts = {
  updates: {
    byItself: '새 버전 자동으로 찾아보기',
    byItselfText:
      '하루에 한 번, 이 버전을 만든 사람이 정한 서버에서 찾아봐요. 나에 관한 것은 아무것도 보내지 않고, 묻지 않고 내려받지도 않아요.',
    version: (version) => `마루 ${version}`,
    look: '새 버전 찾아보기',
    looking: '새 버전을 찾고 있어요…',
    lookedAt: (when) => `마지막으로 찾아본 때: ${when}`,
    newest: '지금 쓰는 게 가장 새 버전이에요.',
    available: (version) => `새 버전이 나왔어요: ${version}`,
    download: '내려받기',
    later: '일주일 뒤에',
    laterText: '일주일 뒤에 다시 알려 드릴게요.',
    downloading: (version, percent) => `${version} 버전을 내려받고 있어요: ${percent}%`,
    ready: (version) => `${version} 버전을 쓸 준비가 됐어요.`,
    restart: '다시 시작하기',
    notNow: '나중에',
    again: '다시 해 보기',
    failed: {
      unreachable: '지금은 새 버전을 확인할 수 없어요.',
      damaged: '받은 파일이 손상돼서 버렸어요. 바뀐 건 없어요.',
      other: '잘 안 됐어요. 바뀐 건 없어요.'
    }
  }
}
