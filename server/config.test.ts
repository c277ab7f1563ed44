import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLoopback, readConfig, StartError } from './config.ts'

describe('configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4100,
      dataDir: resolve('./data'),
      registration: 'invite',
      corsOrigins: [],
      trustedProxies: [],
      rateLimit: true,
      logLevel: 'info'
    })
  })

  it('reads every variable; an empty one counts as unset', () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '0',
      DATA_DIR: '/srv/maru',
      REGISTRATION: 'open',
      PUBLIC_URL: 'https://chat.example.org',
      CORS_ORIGINS: ' https://a.example , http://b.example:8080,',
      TRUSTED_PROXIES: '127.0.0.1, ::1,10.0.0.0/8,fd00::/8',
      RATE_LIMIT: '',
      LOG_LEVEL: 'warn',
      DATABASE_URL: 'postgres://maru:secret@db.example:5433/maru?sslmode=verify-full',
      REDIS_URL: '',
      TLS: 'own',
      ANNOUNCE: 'on'
    }
    expect(readConfig(env)).toEqual({
      host: '0.0.0.0',
      port: 0,
      dataDir: '/srv/maru',
      databaseUrl: 'postgres://maru:secret@db.example:5433/maru?sslmode=verify-full',
      registration: 'open',
      publicUrl: 'https://chat.example.org/',
      corsOrigins: ['https://a.example', 'http://b.example:8080'],
      trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8'],
      rateLimit: true,
      logLevel: 'warn',
      tls: 'own',
      announced: true
    })
  })

  it.each([
    ['HOST', 'http://127.0.0.1'],
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '4100.5'],
    ['REGISTRATION', 'everybody'],
    ['PUBLIC_URL', 'chat.example.org'],
    ['PUBLIC_URL', 'https://chat.example.org/maru'],
    ['PUBLIC_URL', 'ftp://chat.example.org'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['TLS', 'on'],
    ['ANNOUNCE', 'yes'],
    ['TRUSTED_PROXIES', 'proxy.example.org'],
    ['TRUSTED_PROXIES', 'true'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '127.0.0.1:4100'],
    ['RATE_LIMIT', 'no'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'mysql://maru:secret@localhost/maru'],
    ['DATABASE_URL', 'postgres://maru:secret@localhost'],
    ['DATABASE_URL', 'postgres://maru:secret@local host/maru'],
    ['DATABASE_URL', 'postgres:///maru?password=secret'],
    ['DATABASE_URL', 'secret'],
    ['REDIS_URL', 'redis://:secret@localhost'],
    ['ASSISTANT_URL', 'http://localhost'],
    ['ASSISTANT_MODEL', 'secret'],
    ['ASSISTANT_KEY', 'secret']
  ])('%s=%s stops the start with one sentence that names it and keeps secrets', (name, value) => {
    const attempt = (): unknown => readConfig({ [name]: value })
    expect(attempt).toThrow(StartError)
    expect(attempt).toThrow(new RegExp(`^${name} [^\\n]+\\.$`))
    expect(attempt).not.toThrow(/secret/)
  })

  it('switches rate limits off on loopback only', () => {
    expect(readConfig({ RATE_LIMIT: 'off' }).rateLimit).toBe(false)
    expect(readConfig({ RATE_LIMIT: 'off', HOST: '::1' }).rateLimit).toBe(false)
    expect(() => readConfig({ RATE_LIMIT: 'off', HOST: '0.0.0.0' })).toThrow(/RATE_LIMIT is off/)
    expect(['localhost', '127.0.0.1', '127.1.2.3', '::1', '::', '10.0.0.1', '127.example.org'].map(isLoopback)).toEqual(
      [true, true, true, true, false, false, false]
    )
  })
})
