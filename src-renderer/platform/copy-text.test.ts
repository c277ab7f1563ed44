// @vitest-environment happy-dom
// Copying where there is a clipboard API, and where a page from plain http has none.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { copyText } from './copy-text.ts'

/** What the old way would have copied. */
function oldWay(works: boolean): string[] {
  const copied: string[] = []
  document.execCommand = (command) => {
    const field = document.activeElement
    if (command === 'copy' && field instanceof HTMLTextAreaElement) copied.push(field.value)
    return works
  }
  return copied
}

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

describe('copying text', () => {
  it('uses the clipboard API where there is one', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined)
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    const copied = oldWay(true)
    expect(await copyText('see you at six')).toBe(true)
    expect(writeText.mock.calls).toEqual([['see you at six']])
    expect(copied).toEqual([])
  })

  it('works without one, leaves nothing behind, and gives the focus back', async () => {
    vi.stubGlobal('navigator', {})
    const button = document.createElement('button')
    document.body.append(button)
    button.focus()
    const copied = oldWay(true)
    expect(await copyText('see you\nat six')).toBe(true)
    expect(copied).toEqual(['see you\nat six'])
    expect(document.querySelector('textarea')).toBeNull()
    expect(document.activeElement).toBe(button)
  })

  it('says when neither way works', async () => {
    const writeText = async () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    oldWay(false)
    expect(await copyText('see you at six')).toBe(false)
  })
})
