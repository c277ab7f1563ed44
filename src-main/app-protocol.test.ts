import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from 'electron'
import { fileOf, registerAppScheme, serveApp } from './app-protocol.ts'
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts'
import { FakeSession, protocol } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

let outside: string
let ask: (url: string, init?: RequestInit) => Promise<Response>

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'maru-app-'))
  const folder = join(outside, 'renderer')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(outside, 'secret.json'), 'secret')
  await writeFile(join(outside, 'renderer-evil.txt'), 'secret')
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'assets', '한글 a.js'), 'export {}')
  await writeFile(join(folder, 'core.dump'), 'unknown type')
  const session = new FakeSession()
  serveApp(session as unknown as Session, folder)
  const handler = session.handlers.get('app')
  if (!handler) throw new Error('nothing answers app:')
  ask = async (url, init) => handler({ url, method: init?.method ?? 'GET' } as Request)
})

afterEach(async () => rm(outside, { recursive: true }))

describe('app://maru/', () => {
  it('serves the client with its types, and the start page for the root', async () => {
    const start = await ask('app://maru/')
    expect(start.status).toBe(200)
    expect(start.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await start.text()).toBe('<!doctype html>')
    const script = await ask('app://maru/assets/%ED%95%9C%EA%B8%80%20a.js?v=1#x')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe('export {}')
  })

  it('fences in every answer, refusals too', async () => {
    for (const path of ['', 'index.html', 'nothing.html', '%ff']) {
      const { headers } = await ask(`app://maru/${path}`)
      expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('runs no script, style or frame from elsewhere, but lets a relay anywhere be reached', () => {
    const rules = new Map(CONTENT_SECURITY_POLICY.split('; ').map((rule) => [rule.split(' ')[0], rule]))
    for (const name of ['default-src', 'script-src', 'style-src', 'font-src']) {
      expect(rules.get(name)).toBe(`${name} 'self'`)
    }
    for (const name of ['object-src', 'frame-src', 'base-uri', 'frame-ancestors']) {
      expect(rules.get(name)).toBe(`${name} 'none'`)
    }
    expect(rules.get('connect-src')).toBe("connect-src 'self' http: https: ws: wss:")
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe')
  })

  it.each([
    'app://maru/..%2fsecret.json',
    'app://maru/%2e%2e%2fsecret.json',
    'app://maru/assets/..%2f..%2fsecret.json',
    'app://maru/..%2frenderer-evil.txt',
    'app://maru/..%5csecret.json',
    'app://maru/assets\\..\\..\\secret.json',
    'app://maru/%00index.html',
    'app://maru/%2fetc%2fpasswd',
    'app://maru/assets',
    'app://maru/core.dump',
    'app://maru/%ff',
    'app://other/index.html',
    'app://maru.evil/index.html'
  ])('finds nothing at %s', async (url) => {
    expect((await ask(url)).status).toBe(404)
  })

  it('never names a file outside of its folder', () => {
    expect(fileOf('app://maru/..%2f..%2fetc%2fpasswd.txt', '/app/renderer')).toBeNull()
    expect(fileOf('app://maru/a%2f..%2f..%2f..%2fx.html', '/app/renderer')).toBeNull()
    expect(fileOf('app://maru/..%5cx.html', '/app/renderer')).toBeNull()
    expect(fileOf('app://maru/a%2f..%2fx.html', '/app/renderer')).toBe('/app/renderer/x.html')
  })

  it('is only for reading', async () => {
    expect((await ask('app://maru/index.html', { method: 'POST' })).status).toBe(405)
    const head = await ask('app://maru/index.html', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('is a secure scheme with an origin, once, and without ways around the policy', () => {
    registerAppScheme()
    expect(protocol.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
      }
    ])
  })
})
