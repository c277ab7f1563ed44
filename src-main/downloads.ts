// Files that the page gives to the person: only its own, only where the person says, and never opened. Everything else that wants to be a download is refused.
import { dialog } from 'electron'
import type { BrowserWindow, DownloadItem, Session } from 'electron'
import { isOwnUrl } from './own-origin.ts'
import type { PageTexts } from './page-texts.ts'

export interface DownloadOptions {
  texts: PageTexts
  /** Asked when there is something to tell. */
  currentWindow: () => BrowserWindow | null
  /** Told of what was refused or failed. */
  onProblem: (problem: unknown) => void
}

export function fenceDownloads(session: Session, { texts, currentWindow, onProblem }: DownloadOptions): void {
  const tellOfFailure = async (name: string): Promise<void> => {
    const window = currentWindow()
    const words = { type: 'error' as const, message: texts.notSaved, detail: texts.notSavedDetail(name) }
    await (window ? dialog.showMessageBox(window, words) : dialog.showMessageBox(words))
  }
  session.on('will-download', (event, item, contents, frame) => {
    const isInPage = frame === null || frame === contents.mainFrame
    if (!isInPage || !isOwnFile(item)) {
      event.preventDefault()
      onProblem(new Error(`a download from ${originOf(item)} was refused`))
      return
    }
    // With no path set, Electron asks for one; without a title of ours it would show the address.
    item.setSaveDialogOptions({ title: texts.saveFile })
    item.once('done', (_event, state) => {
      if (state !== 'interrupted') return
      onProblem(new Error('a file could not be saved'))
      tellOfFailure(item.getFilename()).catch(onProblem)
    })
  })
}

/** What the page has made itself, or one of the files that came with it; asked for by the page. */
function isOwnFile(item: DownloadItem): boolean {
  const ownAddress = item
    .getURLChain()
    .every((url) => isOwnUrl(url.startsWith('blob:') ? url.slice('blob:'.length) : url))
  return ownAddress && isOwnUrl(item.getInitiatorOrigin())
}

/** For developers; an address may carry a secret. */
function originOf(item: DownloadItem): string {
  const url = item.getURL()
  return URL.canParse(url) ? `${new URL(url).protocol}//${new URL(url).host}` : 'nowhere'
}
