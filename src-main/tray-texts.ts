// The words of the shell beside the menu: in the tray, on the badge, and in what it says by itself. In each language.
import { languageOf } from './menu-texts.ts'

export interface TrayTexts {
  open: string
  doNotDisturb: string
  quit: string
  /** More than nothing. */
  unread(count: number): string
  /** In a notification's field for an answer. */
  reply: string
  /** The first time that closing the window has left the app running. */
  stillRunning: { title: string; body: string }
  /** Somebody has answered into a notification of a run that is over: nobody knows to whom. */
  notSent: string
}

const en: TrayTexts = {
  open: 'Open Maru',
  doNotDisturb: 'Do Not Disturb',
  quit: 'Quit Maru',
  unread: (count) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  reply: 'Reply',
  stillRunning: {
    title: 'Maru is still running',
    body: 'Messages keep arriving. Open or quit Maru from its icon in the tray.'
  },
  notSent: 'This reply was not sent'
}

const ko: TrayTexts = {
  open: 'Maru 열기',
  doNotDisturb: '방해 금지',
  quit: 'Maru 종료',
  unread: (count) => `읽지 않은 메시지 ${count}개`,
  reply: '답장',
  stillRunning: {
    title: 'Maru가 계속 실행 중이에요',
    body: '메시지를 계속 받아요. 트레이 아이콘에서 Maru를 열거나 종료할 수 있어요.'
  },
  notSent: '이 답장은 보내지 못했어요'
}

/** @param languages as `menuTextsFor` takes them */
export function trayTextsFor(languages: readonly string[]): TrayTexts {
  return languageOf(languages) === 'ko' ? ko : en
}
