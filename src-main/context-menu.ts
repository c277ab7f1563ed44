// The menu of the right mouse button over text: corrections, cut, copy, paste. Where the page shows a menu of its own, Chromium asks for none.
import { clipboard, Menu } from 'electron'
import type { BrowserWindow, ContextMenuParams, MenuItemConstructorOptions, WebContents } from 'electron'
import { isOpenable } from './navigation.ts'
import type { PageTexts } from './page-texts.ts'

/** More than these are not read. */
const MAX_SUGGESTIONS = 5

const separator: MenuItemConstructorOptions = { type: 'separator' }

export interface ContextMenuOptions {
  /** In the system's language, as all of the system's menus are. */
  texts: PageTexts
  /** Told when the clipboard did not take a link. */
  onProblem: (problem: unknown) => void
}

export function offerContextMenu(window: BrowserWindow, options: ContextMenuOptions): void {
  window.webContents.on('context-menu', (_event, params) => {
    const template = contextMenuTemplate(params, window.webContents, options)
    if (template.length === 0) return
    Menu.buildFromTemplate(template).popup({
      window,
      sourceType: params.menuSourceType,
      ...(params.frame === null ? {} : { frame: params.frame })
    })
  })
}

type Clicked = Pick<
  ContextMenuParams,
  'editFlags' | 'isEditable' | 'linkURL' | 'misspelledWord' | 'selectionText' | 'dictionarySuggestions'
>

/** Empty where there is nothing to do. */
export function contextMenuTemplate(
  params: Clicked,
  contents: Pick<WebContents, 'replaceMisspelling' | 'session'>,
  { texts, onProblem }: ContextMenuOptions
): MenuItemConstructorOptions[] {
  const { editFlags, isEditable, linkURL, misspelledWord, selectionText, dictionarySuggestions } = params
  const groups: MenuItemConstructorOptions[][] = []
  if (isEditable && misspelledWord !== '') {
    const corrections = dictionarySuggestions.slice(0, MAX_SUGGESTIONS).map((word) => ({
      // `&` would be taken for the mark of an access key.
      label: word.replaceAll('&', '&&'),
      click: () => contents.replaceMisspelling(word)
    }))
    groups.push(corrections.length > 0 ? corrections : [{ label: texts.noSuggestions, enabled: false }])
    groups.push([
      {
        label: texts.addToDictionary,
        click: () => void contents.session.addWordToSpellCheckerDictionary(misspelledWord)
      }
    ])
  }
  if (isOpenable(linkURL)) {
    groups.push([{ label: texts.copyLink, click: () => void clipboard.writeText(linkURL).catch(onProblem) }])
  }
  if (isEditable) {
    groups.push([
      { role: 'cut', label: texts.cut, enabled: editFlags.canCut },
      { role: 'copy', label: texts.copy, enabled: editFlags.canCopy },
      { role: 'paste', label: texts.paste, enabled: editFlags.canPaste }
    ])
    groups.push([{ role: 'selectAll', label: texts.selectAll, enabled: editFlags.canSelectAll }])
  } else if (selectionText.trim() !== '') {
    groups.push([{ role: 'copy', label: texts.copy, enabled: editFlags.canCopy }])
  }
  return groups.flatMap((group, n) => (n === 0 ? group : [separator, ...group]))
}
