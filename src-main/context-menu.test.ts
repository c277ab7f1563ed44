import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserWindow as RealWindow, MenuItemConstructorOptions } from 'electron'
import { offerContextMenu } from './context-menu.ts'
import { pageTextsFor } from './page-texts.ts'
import { BrowserWindow, clipboard, Menu } from './testing/fake-electron.ts'
import type { FakeBrowserWindow } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const ALL = { canCut: true, canCopy: true, canPaste: true, canSelectAll: true }
const NOTHING = {
  isEditable: false,
  linkURL: '',
  misspelledWord: '',
  selectionText: '',
  dictionarySuggestions: [],
  editFlags: ALL,
  menuSourceType: 'mouse',
  frame: null
}
let window: FakeBrowserWindow
const onProblem = vi.fn<(problem: unknown) => void>()

beforeEach(() => {
  Menu.popups.length = 0
  clipboard.text = ''
  onProblem.mockClear()
  window = new BrowserWindow({ webPreferences: {} })
  offerContextMenu(window as unknown as RealWindow, { texts: pageTextsFor(['en']), onProblem })
})

/** The menu that comes up; empty where none does. */
function click(on: Partial<Record<keyof typeof NOTHING, unknown>>): MenuItemConstructorOptions[] {
  Menu.popups.length = 0
  window.webContents.emit('context-menu', {}, { ...NOTHING, ...on })
  return (Menu.popups[0]?.template ?? []) as MenuItemConstructorOptions[]
}

const wordsOf = (items: MenuItemConstructorOptions[]) =>
  items.map(({ type, label }) => (type === 'separator' ? '-' : label))
const choose = (items: MenuItemConstructorOptions[], label: string) =>
  (items.find((each) => each.label === label) as { click: () => void }).click()

describe('the menu of the right button', () => {
  it('is none where there is nothing to do with what is there', () => {
    expect(click({})).toEqual([])
    expect(click({ selectionText: ' \n' })).toEqual([])
    expect(Menu.popups).toEqual([])
  })

  it('offers where one writes what can be done there, over the window', () => {
    const items = click({ isEditable: true, editFlags: { ...ALL, canCut: false, canCopy: false } })
    expect(items.map(({ role, enabled }) => [role, enabled])).toEqual([
      ['cut', false],
      ['copy', false],
      ['paste', true],
      [undefined, undefined],
      ['selectAll', true]
    ])
    expect(Menu.popups[0]?.options).toEqual({ window, sourceType: 'mouse' })
  })

  it('offers words for one that is wrong, takes what was chosen, and learns', () => {
    const items = click({
      isEditable: true,
      misspelledWord: 'teh',
      dictionarySuggestions: ['the', 'R&D', '3', '4', '5', '6']
    })
    expect(wordsOf(items)).toEqual([
      'the',
      'R&&D',
      '3',
      '4',
      '5',
      '-',
      'Add to Dictionary',
      '-',
      'Cut',
      'Copy',
      'Paste',
      '-',
      'Select All'
    ])
    choose(items, 'R&&D')
    choose(items, 'Add to Dictionary')
    expect(window.webContents.replaced).toEqual(['R&D'])
    expect(window.webContents.session.addedWords).toEqual(['teh'])
    const none = click({ isEditable: true, misspelledWord: 'xqzt' })
    expect(none[0]).toEqual({ label: 'No Suggestions', enabled: false })
  })

  it('copies links of the web, and nothing that could start a program', () => {
    const items = click({ linkURL: 'https://example.org/a?b', selectionText: 'a link' })
    expect(wordsOf(items)).toEqual(['Copy Link', '-', 'Copy'])
    choose(items, 'Copy Link')
    expect(clipboard.text).toBe('https://example.org/a?b')
    for (const linkURL of ['app://maru/index.html#/', 'file:///etc', 'javascript:1'])
      expect(click({ linkURL })).toEqual([])
  })

  it('tells when the clipboard did not take it', async () => {
    vi.spyOn(clipboard, 'writeText').mockRejectedValueOnce(new Error('busy'))
    choose(click({ linkURL: 'https://example.org/' }), 'Copy Link')
    await vi.waitFor(() => expect(onProblem).toHaveBeenCalledWith(new Error('busy')))
  })

  it('has words in both languages', () => {
    const [en, ko] = [pageTextsFor(['en']), pageTextsFor(['ko-KR'])]
    expect(Object.keys(ko)).toEqual(Object.keys(en))
    expect(Object.values(en).filter((words) => Object.values(ko).includes(words))).toEqual([])
  })
})
