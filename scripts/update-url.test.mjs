import { describe, expect, it } from 'vitest'
import { updateUrl } from './update-url.mjs'

describe('the address for new versions', () => {
  it('is none where nobody has given one', () => {
    expect(updateUrl(undefined)).toBeUndefined()
    expect(updateUrl('  ')).toBeUndefined()
  })

  it.each([
    ['https://updates.example.org/maru', 'https://updates.example.org/maru/'],
    ['https://updates.example.org', 'https://updates.example.org/'],
    ['http://192.168.0.20:8080/maru/', 'http://192.168.0.20:8080/maru/'],
    ['http://nas.local/', 'http://nas.local/'],
    ['http://[fd00::1]/', 'http://[fd00::1]/']
  ])('%s is taken', (text, taken) => {
    expect(updateUrl(text)).toBe(taken)
  })

  it.each([
    'updates.example.org',
    'http://updates.example.org/',
    'http://192.168.0.20.example.org/',
    'http://11.0.0.1/',
    'http://notlocalhost/',
    'ftp://192.168.0.20/',
    'file:///srv/maru',
    'https://name:word@updates.example.org/',
    'https://updates.example.org/?a=b'
  ])('%s is refused', (text) => {
    expect(() => updateUrl(text)).toThrow('MARU_UPDATE_URL')
  })
})
