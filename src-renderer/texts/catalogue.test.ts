import { beforeEach, describe, expect, it, vi } from 'vitest'

describe('catalogues', () => {
  let catalogue: typeof import('./catalogue.ts')
  // None is loaded yet.
  beforeEach(async () => {
    vi.resetModules()
    catalogue = await import('./catalogue.ts')
  })

  it('speak the language that is there until the other one has come', async () => {
    expect(() => catalogue.textsFor(['ko'])).toThrow('no catalogue is loaded')
    await catalogue.loadTexts('ko')
    expect(catalogue.textsFor(['en']).locale).toBe('ko')
    await catalogue.loadTexts('en')
    expect(catalogue.textsFor(['en']).locale).toBe('en')
    expect(catalogue.textsFor(['ko']).locale).toBe('ko')
  })

  it('are both there for a choice without the network', async () => {
    await catalogue.loadTexts('en')
    await catalogue.loadAllTexts()
    expect(catalogue.textsFor(['ko']).locale).toBe('ko')
  })
})
