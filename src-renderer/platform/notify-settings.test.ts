// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { forgetNotifySettings, keywordsIn, loadNotifySettings } from './notify-settings.ts'
import { saveNotifySettings, startWatchingNotifySettings } from './notify-settings.ts'

const stored = (text: string | null) => ({ getItem: () => text })

describe('settings of notifications', () => {
  it('begin with everything told, and no sound', () => {
    expect(loadNotifySettings(stored(null), 'me')).toMatchObject({
      on: true,
      words: 'text',
      sound: false,
      keywords: []
    })
  })

  it.each(['', 'nonsense', '[]', '{"quiet": {"on": true, "from": "25:00", "to": "1"}, "sound": "loud"}'])(
    'count as not set where they cannot be read: %j',
    (text) => {
      expect(loadNotifySettings(stored(text), 'me')).toEqual(loadNotifySettings(stored(null), 'me'))
    }
  )

  it('are a person’s own, tell those who watch, and are forgotten', () => {
    const changed = vi.fn<() => void>()
    const stop = startWatchingNotifySettings('me', changed)
    saveNotifySettings(localStorage, 'me', { ...loadNotifySettings(localStorage, 'me'), words: 'nothing' })
    expect(loadNotifySettings(localStorage, 'me').words).toBe('nothing')
    expect(loadNotifySettings(localStorage, 'you').words).toBe('text')
    expect(changed).toHaveBeenCalledOnce()
    stop()
    forgetNotifySettings(localStorage, 'me')
    expect(loadNotifySettings(localStorage, 'me').words).toBe('text')
  })

  it('keywords are what stands between commas, each once', () => {
    expect(keywordsIn(' 회의, 배포 ,,회의，release  notes、\n급해요')).toEqual([
      '회의',
      '배포',
      'release notes',
      '급해요'
    ])
    expect(keywordsIn(' , ')).toEqual([])
  })
})
