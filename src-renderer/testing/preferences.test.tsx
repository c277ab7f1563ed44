import { act, fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { AVATAR_COLORS } from '../../protocol/values.ts'
import { App } from '../app.tsx'
import { applyEarlyLook } from '../platform/early-preferences.ts'
import { loadPreferences, PREFERENCES_KEY } from '../platform/preferences.ts'
import { en } from '../texts/en.ts'
import { ko } from '../texts/ko.ts'
import { SIGN_COLORS } from '../ui/sign-colors.ts'
import { fakeServices } from './fake-services.tsx'

const root = document.documentElement
const choose = (name: string) => fireEvent.click(screen.getByRole('radio', { name }))

async function openSettings() {
  const { services } = fakeServices()
  render(<App screen={{ name: 'rooms', services }} />)
  fireEvent.keyDown(window, { key: ',', ctrlKey: true })
  // Loaded when it is first opened, by a machine that may be busy.
  await screen.findByRole('dialog', undefined, { timeout: 10_000 })
}

beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
  for (const set of ['theme', 'density', 'contrast']) delete root.dataset[set]
  root.style.fontSize = ''
})

describe('settings', () => {
  it('switch the language at once and for later, with the page following', async () => {
    await openSettings()
    expect(screen.getByRole('dialog', { name: en.settings.title })).toBeTruthy()
    choose('한국어')
    expect(screen.getByRole('dialog', { name: ko.settings.title })).toBeTruthy()
    expect(root.lang).toBe('ko')
    expect(document.title).toBe('마루')
    expect(loadPreferences(window.localStorage).language).toBe('ko')
    choose(ko.languageNames.en)
    expect(root.lang).toBe('en')
  })

  it('switch the theme at once and for later, and back to the system', async () => {
    await openSettings()
    choose(en.settings.dark)
    expect(root.dataset['theme']).toBe('dark')
    expect(loadPreferences(window.localStorage).theme).toBe('dark')
    fireEvent.click(screen.getAllByRole('radio', { name: en.settings.asSystem })[0] ?? root)
    expect(root.dataset['theme']).toBeUndefined()
  })

  it('set the size of the text, spacing and contrast of the page at once and for later', async () => {
    await openSettings()
    const size = screen.getByRole('slider', { name: en.settings.textSize })
    expect(size.getAttribute('aria-valuetext')).toBe('100%')
    fireEvent.change(size, { target: { value: '150' } })
    fireEvent.keyDown(size, { key: 'ArrowRight' })
    const chosen = loadPreferences(window.localStorage).textSize
    expect(chosen).toBeGreaterThan(100)
    expect(root.style.fontSize).toBe(`${chosen}%`)
    choose(en.settings.compact)
    expect(root.dataset['density']).toBe('compact')
    choose(en.settings.moreContrast)
    expect(root.dataset['contrast']).toBe('more')
    choose(en.settings.comfortable)
    expect(root.dataset['density']).toBeUndefined()
    expect(loadPreferences(window.localStorage)).toMatchObject({ density: 'comfortable', contrast: 'more' })
  })

  it('say which Enter sends', async () => {
    await openSettings()
    choose(en.settings.enterBreaks)
    expect(loadPreferences(window.localStorage).enterSends).toBe('shift-enter')
  })

  it('follow another window of this installation', async () => {
    await openSettings()
    window.localStorage.setItem(PREFERENCES_KEY, '{"theme":"light","language":"ko"}')
    act(() => {
      window.dispatchEvent(new StorageEvent('storage', { key: PREFERENCES_KEY }))
    })
    expect(root.dataset['theme']).toBe('light')
    expect(root.lang).toBe('ko')
  })

  const notes = { 'this-run-only': 'noKeyring', file: 'tokenInFile' } as const

  it.each([
    ['en', 'this-run-only'],
    ['en', 'file'],
    ['ko', 'this-run-only'],
    ['ko', 'file']
  ] as const)('say in %s that what keeps one signed in is kept so: %s', async (language, kept) => {
    const { services } = fakeServices()
    services.sessionKept.mockResolvedValue(kept)
    window.localStorage.setItem(PREFERENCES_KEY, JSON.stringify({ language }))
    render(<App screen={{ name: 'rooms', services }} />)
    fireEvent.keyDown(window, { key: ',', ctrlKey: true })
    const { settings } = { en, ko }[language]
    expect(await screen.findByText(settings[notes[kept]])).toBeTruthy()
    for (const note of Object.values(notes).filter((other) => other !== notes[kept])) {
      expect(screen.queryByText(settings[note])).toBeNull()
    }
  })

  it.each(['encrypted', null] as const)('say nothing of it where there is nothing to say: %s', async (kept) => {
    const { services } = fakeServices()
    services.sessionKept.mockResolvedValue(kept)
    render(<App screen={{ name: 'rooms', services }} />)
    fireEvent.keyDown(window, { key: ',', ctrlKey: true })
    await screen.findByRole('dialog')
    await act(async () => services.sessionKept.mock.results[0]?.value)
    expect(services.sessionKept).toHaveBeenCalled()
    for (const note of Object.values(notes)) expect(screen.queryByText(en.settings[note])).toBeNull()
  })

  it('do not open while a syllable is being composed', () => {
    const { services } = fakeServices()
    render(<App screen={{ name: 'rooms', services }} />)
    fireEvent.keyDown(window, { key: ',', ctrlKey: true, isComposing: true })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it.each(['{', 'null', '[]', '{"theme":"pink","language":7,"textSize":500,"enterSends":1}'])(
    '%s counts as nothing set',
    (kept) => {
      window.localStorage.setItem(PREFERENCES_KEY, kept)
      expect(loadPreferences(window.localStorage)).toEqual({
        theme: 'system',
        language: 'system',
        textSize: 100,
        density: 'comfortable',
        contrast: 'system',
        enterSends: 'enter'
      })
    }
  )
})

describe('the theme before the first paint', () => {
  it.each([
    ['{"theme":"dark"}', 'dark'],
    ['{"theme":"light","language":"ko"}', 'light'],
    ['{"theme":"system"}', undefined],
    ['{"theme":"pink"}', undefined],
    ['{', undefined],
    [null, undefined]
  ])('of %j: %s', (kept, expected) => {
    if (kept !== null) window.localStorage.setItem(PREFERENCES_KEY, kept)
    applyEarlyLook(root)
    expect(root.dataset['theme']).toBe(expected)
  })

  it.each([
    ['{"textSize":150,"density":"compact","contrast":"more"}', { size: '150%', density: 'compact', contrast: 'more' }],
    ['{"textSize":900,"density":"wide","contrast":"less"}', { size: '', density: undefined, contrast: undefined }]
  ])('with size, spacing and contrast of %s', (kept, { size, density, contrast }) => {
    window.localStorage.setItem(PREFERENCES_KEY, kept)
    applyEarlyLook(root)
    expect(root.style.fontSize).toBe(size)
    expect(root.dataset['density']).toBe(density)
    expect(root.dataset['contrast']).toBe(contrast)
  })
})

describe('small contracts', () => {
  it('there is a ground for each colour that the protocol knows', () => {
    expect(SIGN_COLORS).toEqual(AVATAR_COLORS)
  })
})
