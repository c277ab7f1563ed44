import { act, fireEvent, render, screen } from '@testing-library/react'
import type { ComponentType, ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { en } from '../texts/en.ts'
import { TextsProvider } from '../texts/texts-context.tsx'
import { later, laterInPlace, laterUnasked, loadLater } from '../ui/later.tsx'

type Part = ComponentType<{ onClose: () => void }>

const { coming } = en
const Opened: Part = () => <p>opened</p>
const shown = (part: ReactNode) => render(<TextsProvider texts={en}>{part}</TextsProvider>)
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const box = () => screen.queryByRole('dialog')

// What fails is told to developers.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

// Before those that never come: it loads all that there are.
describe('parts that are loaded ahead', () => {
  it('are loaded once, when they are shown or when there is time, and are then drawn at once', async () => {
    const load = vi.fn<() => Promise<(props: { name: string }) => ReactNode>>(async () => ({ name }) => <p>{name}</p>)
    const Part = laterInPlace(load)
    expect(load).not.toHaveBeenCalled()
    await loadLater()
    expect(load).toHaveBeenCalledOnce()
    shown(<Part name="here" />)
    expect(screen.getByText('here')).toBeTruthy()
    expect(load).toHaveBeenCalledOnce()
  })

  it('do not wait for one that is slow', async () => {
    let come: (part: Part) => void = () => undefined
    const slow = new Promise<Part>((resolve) => (come = resolve))
    later(async () => slow)
    const next = vi.fn<() => Promise<Part>>(async () => Opened)
    later(next)
    const loading = loadLater()
    await vi.waitFor(() => expect(next).toHaveBeenCalledOnce())
    come(Opened)
    await loading
  })

  it('are asked for again when they are shown if they could not be had', async () => {
    const load = vi.fn<() => Promise<() => ReactNode>>(async () => () => <p>there after all</p>)
    load.mockRejectedValueOnce(new Error('no network'))
    const Part = laterInPlace(load)
    await expect(loadLater()).rejects.toThrow('no network')
    shown(<Part />)
    await screen.findByText('there after all')
    expect(load).toHaveBeenCalledTimes(2)
  })
})

describe('a part that somebody asks for', () => {
  let load: ReturnType<typeof vi.fn<() => Promise<Part>>>
  const onClose = vi.fn<() => void>()
  const passes = async (ms: number) => act(async () => vi.advanceTimersByTimeAsync(ms))
  const ask = async (kind: typeof later = later) => {
    const Asked = kind(load)
    const view = shown(<Asked onClose={onClose} />)
    await passes(0)
    return view
  }
  /** As the network does it: after a while. */
  const after = async (ms: number, part?: Part) =>
    new Promise<Part>((resolve, reject) => {
      setTimeout(() => (part ? resolve(part) : reject(new Error('Failed to fetch dynamically imported module'))), ms)
    })
  beforeEach(() => {
    vi.useFakeTimers()
    load = vi.fn<() => Promise<Part>>(async () => Opened)
    onClose.mockReset()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('comes without a word when it comes quickly', async () => {
    load.mockImplementation(async () => after(900, Opened))
    const { baseElement } = await ask()
    await passes(899)
    expect(baseElement.textContent).toBe('')
    await passes(1)
    expect(baseElement.textContent).toBe('opened')
    expect(box()).toBeNull()
    await passes(60_000)
    expect(baseElement.textContent).toBe('opened')
  })

  it('is told to be on its way after a second, and to be missing after ten; it may come after all', async () => {
    load.mockImplementation(async () => after(30_000, Opened))
    await ask()
    await passes(1_000)
    expect(screen.getByRole('dialog', { name: coming.loading })).toBe(document.activeElement)
    expect(screen.getByRole('dialog', { description: coming.fromRelay })).toBeTruthy()
    expect(screen.queryByRole('button', { name: coming.again })).toBeNull()
    await passes(9_000)
    expect(screen.getByRole('dialog', { name: coming.missing })).toBeTruthy()
    expect(screen.getByRole('alert').textContent).toContain(coming.missingText)
    await passes(20_000)
    expect(screen.getByText('opened')).toBeTruthy()
    expect(box()).toBeNull()
    expect(load).toHaveBeenCalledOnce()
  })

  it('is told to be missing at once when it cannot be had, and comes when it is tried again', async () => {
    load.mockImplementationOnce(async () => after(20))
    await ask()
    await passes(20)
    expect(screen.getByRole('dialog', { name: coming.missing })).toBeTruthy()
    press(coming.again)
    await passes(0)
    expect(screen.getByText('opened')).toBeTruthy()
    expect(box()).toBeNull()
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('where trying again fails, that is seen, and loading everything anew is offered', async () => {
    load.mockImplementation(async () => after(20))
    await ask()
    await passes(20)
    expect(screen.queryByRole('button', { name: en.reload })).toBeNull()
    press(coming.again)
    await passes(100)
    expect(screen.getByRole('dialog', { name: coming.loading })).toBeTruthy()
    expect(screen.getByRole('button', { name: coming.again }).getAttribute('aria-disabled')).toBe('true')
    await passes(500)
    expect(screen.getByRole('alert').textContent).toContain(coming.stillMissing)
    const reload = vi.spyOn(window.location, 'reload').mockReturnValue()
    press(en.reload)
    expect(reload).toHaveBeenCalledOnce()
  })

  it('is tried again by itself, when the device is online and every few seconds', async () => {
    load.mockRejectedValueOnce(new Error('no network')).mockRejectedValueOnce(new Error('no network'))
    await ask()
    expect(screen.getByRole('dialog', { name: coming.missing })).toBeTruthy()
    act(() => void window.dispatchEvent(new Event('online')))
    await passes(0)
    expect(load).toHaveBeenCalledTimes(2)
    expect(screen.getByRole('dialog', { name: coming.missing })).toBeTruthy()
    await passes(5_000)
    expect(load).toHaveBeenCalledTimes(3)
    expect(screen.getByText('opened')).toBeTruthy()
    expect(box()).toBeNull()
  })

  it.each([
    ['the button', () => void press(en.close)],
    ['Esc', () => void box()?.dispatchEvent(new Event('cancel'))]
  ])('is given up by %s: it does not open later, and is asked for anew the next time', async (_by, giveUp) => {
    load.mockRejectedValueOnce(new Error('no network'))
    const Asked = later(load)
    onClose.mockImplementation(() => view.rerender(<></>))
    const view = shown(<Asked onClose={onClose} />)
    await passes(0)
    act(giveUp)
    expect(onClose).toHaveBeenCalledExactlyOnceWith()
    expect(box()).toBeNull()
    await passes(60_000)
    act(() => void window.dispatchEvent(new Event('online')))
    expect(load).toHaveBeenCalledOnce()
    shown(<Asked onClose={onClose} />)
    await passes(0)
    expect(screen.getByText('opened')).toBeTruthy()
  })

  it('lets nothing under it hear the Esc that gives it up', async () => {
    load.mockRejectedValueOnce(new Error('no network'))
    await ask()
    const heard = vi.fn<(event: KeyboardEvent) => void>()
    document.addEventListener('keydown', heard)
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'k', ctrlKey: true })
    document.removeEventListener('keydown', heard)
    expect(heard.mock.calls.map(([{ key }]) => key)).toEqual(['k'])
  })

  it('if it fills a place, that is where it is said: there is nothing to close', async () => {
    load.mockRejectedValueOnce(new Error('no network'))
    await ask(laterInPlace)
    expect(screen.getByRole('alert').textContent).toContain(coming.missingText)
    expect(box()).toBeNull()
    expect(screen.queryByRole('button', { name: en.close })).toBeNull()
    press(coming.again)
    await passes(0)
    expect(screen.getByText('opened')).toBeTruthy()
  })

  it('if nobody has asked for it, nothing is said, and it comes when it can be had', async () => {
    load.mockImplementationOnce(async () => after(20_000))
    const { baseElement } = await ask(laterUnasked)
    for (let seconds = 0; seconds < 24; seconds++) {
      expect(baseElement.textContent).toBe('')
      await passes(1_000)
    }
    await passes(5_000)
    expect(baseElement.textContent).toBe('opened')
  })
})

describe('a style sheet that could not be had', () => {
  /** Of the simulated browser, which fetches none, and would say that of each. */
  const { settings } = (
    window as unknown as { happyDOM: { settings: { handleDisabledFileLoadingAsSuccess: boolean } } }
  ).happyDOM
  beforeEach(() => {
    settings.handleDisabledFileLoadingAsSuccess = true
  })
  afterEach(() => {
    settings.handleDisabledFileLoadingAsSuccess = false
    document.head.replaceChildren()
  })

  it('is asked for again before the part that needs it', async () => {
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: './of-a-part.css' })
    const sheets = () => [...document.head.querySelectorAll('link')]
    const load = vi.fn<() => Promise<Part>>(async () => {
      expect(sheets()).not.toContain(sheet)
      return Opened
    })
    load.mockImplementationOnce(async () => {
      document.head.append(sheet)
      sheet.dispatchEvent(new Event('error'))
      throw new Error('Unable to preload CSS')
    })
    const Asked = later(load)
    shown(<Asked onClose={() => undefined} />)
    await screen.findByText(coming.missingText)
    press(coming.again)
    await screen.findByText('opened')
    expect(sheets().map(({ rel, href }) => [rel, href])).toEqual([['stylesheet', sheet.href]])
  })
})
