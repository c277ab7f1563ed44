// The words around the page that the shell itself says: its menu over text, a page that hangs, a file that could not be saved.
import { languageOf, menuTextsFor } from './menu-texts.ts'
import type { MenuTexts } from './menu-texts.ts'

interface OwnTexts {
  noSuggestions: string
  addToDictionary: string
  copyLink: string
  hangs: string
  hangsDetail: string
  wait: string
  loadAnew: string
  saveFile: string
  notSaved: string
  notSavedDetail: (name: string) => string
}

/** With what it has in common with the menu of the app. */
export type PageTexts = OwnTexts & Pick<MenuTexts, 'cut' | 'copy' | 'paste' | 'selectAll'>

const en: OwnTexts = {
  noSuggestions: 'No Suggestions',
  addToDictionary: 'Add to Dictionary',
  copyLink: 'Copy Link',
  hangs: 'Maru does not respond',
  hangsDetail: 'Waiting often helps. Loading it anew loses nothing that was sent or is waiting to be sent.',
  wait: 'Wait',
  loadAnew: 'Load Anew',
  saveFile: 'Save File',
  notSaved: 'The file was not saved',
  notSavedDetail: (name) =>
    `“${name}” could not be written. There may be no space left, or no permission for that folder.`
}

const ko: OwnTexts = {
  noSuggestions: '제안 없음',
  addToDictionary: '사전에 추가',
  copyLink: '링크 복사',
  hangs: '마루가 응답하지 않아요',
  hangsDetail: '기다리면 대개 괜찮아져요. 다시 불러와도 보냈거나 보내려고 기다리는 메시지는 사라지지 않아요.',
  wait: '기다리기',
  loadAnew: '다시 불러오기',
  saveFile: '파일 저장',
  notSaved: '파일을 저장하지 못했어요',
  notSavedDetail: (name) => `“${name}” 파일을 쓰지 못했어요. 저장 공간이 부족하거나 그 폴더에 쓸 권한이 없을 수 있어요.`
}

/** @param languages the system's, most wanted first (BCP 47) */
export function pageTextsFor(languages: readonly string[]): PageTexts {
  const { cut, copy, paste, selectAll } = menuTextsFor(languages)
  return { ...(languageOf(languages) === 'ko' ? ko : en), cut, copy, paste, selectAll }
}
