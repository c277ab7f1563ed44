import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

describe('the command line', () => {
  it('may name a relay, of which the origin is taken', () => {
    const relay = (value: string) => parseArguments(['electron', '.', `--relay=${value}`]).suggestedRelay
    expect(relay('http://127.0.0.1:4100')).toBe('http://127.0.0.1:4100')
    expect(relay('https://relay.example/some/path?x#y')).toBe('https://relay.example')
    for (const wrong of ['', 'relay', 'file:///etc/passwd', 'javascript:1', 'ftp://host']) {
      expect(relay(wrong)).toBeUndefined()
    }
    expect(parseArguments(['electron', '.', '--relay=http://a', '--relay=http://b']).suggestedRelay).toBe('http://b')
  })

  it('may say that the system started the app', () => {
    expect(parseArguments(['maru', '--hidden']).hidden).toBe(true)
  })

  it('may ask for the token in a file; nobody gets that without asking', () => {
    expect(parseArguments(['electron', '.', '--user-data-dir=/x', '--no-sandbox'])).toEqual({
      tokenInFile: false,
      hidden: false
    })
    expect(parseArguments(['electron', '.', '--token-in-file'])).toMatchObject({ tokenInFile: true })
  })
})
