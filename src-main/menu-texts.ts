// The words of the native menu, in each language.

export interface MenuTexts {
  file: string
  edit: string
  view: string
  window: string
  about: string
  services: string
  hide: string
  hideOthers: string
  unhide: string
  quit: string
  close: string
  undo: string
  redo: string
  cut: string
  copy: string
  paste: string
  selectAll: string
  reload: string
  developerTools: string
  actualSize: string
  zoomIn: string
  zoomOut: string
  fullScreen: string
  minimize: string
  front: string
}

const en: MenuTexts = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  about: 'About Maru',
  services: 'Services',
  hide: 'Hide Maru',
  hideOthers: 'Hide Others',
  unhide: 'Show All',
  quit: 'Quit Maru',
  close: 'Close Window',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  reload: 'Reload',
  developerTools: 'Developer Tools',
  actualSize: 'Actual Size',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  fullScreen: 'Full Screen',
  minimize: 'Minimize',
  front: 'Bring All to Front'
}

const ko: MenuTexts = {
  file: '파일',
  edit: '편집',
  view: '보기',
  window: '창',
  about: 'Maru 정보',
  services: '서비스',
  hide: 'Maru 가리기',
  hideOthers: '다른 앱 가리기',
  unhide: '모두 보기',
  quit: 'Maru 종료',
  close: '창 닫기',
  undo: '실행 취소',
  redo: '다시 실행',
  cut: '잘라내기',
  copy: '복사',
  paste: '붙여넣기',
  selectAll: '모두 선택',
  reload: '새로 고침',
  developerTools: '개발자 도구',
  actualSize: '실제 크기',
  zoomIn: '확대',
  zoomOut: '축소',
  fullScreen: '전체 화면',
  minimize: '최소화',
  front: '모두 앞으로 가져오기'
}

/** @param languages the system's, most wanted first (BCP 47). English where none of ours is wanted. */
export function menuTextsFor(languages: readonly string[]): MenuTexts {
  return languageOf(languages) === 'ko' ? ko : en
}

/** The shell's own language: the first of these that is one of ours, else English. */
export function languageOf(languages: readonly string[]): 'ko' | 'en' {
  const wanted = languages
    .map((each) => each.toLowerCase().split('-')[0])
    .find((each) => each === 'ko' || each === 'en')
  return wanted === 'ko' ? 'ko' : 'en'
}
