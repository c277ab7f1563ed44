import { beforeEach, describe, expect, it } from 'vitest'
import { createPrecache } from './precache.ts'
import type { BuiltFile } from './built-file.ts'
import type { Precache } from './precache.ts'

const BASE = 'https://chat.example.org/'
const files: BuiltFile[] = [
  { path: './', integrity: 'sha256-page' },
  { path: 'assets/index-abc.js', integrity: 'sha256-script' },
  { path: 'assets/first.woff2', integrity: 'sha256-first' },
  { path: 'notice.png', integrity: 'sha256-notice' },
  { path: 'assets/font-1.woff2', integrity: 'sha256-font', whenUsed: true }
]

/** The browser's caches in memory, as far as the precache uses them. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>()

  async open(name: string): Promise<Pick<Cache, 'put'>> {
    const cache = this.all.get(name) ?? new Map<string, Response>()
    this.all.set(name, cache)
    return { put: async (url, response) => void cache.set(url as string, response) }
  }

  async keys(): Promise<string[]> {
    return [...this.all.keys()]
  }

  async delete(name: string): Promise<boolean> {
    return this.all.delete(name)
  }

  async match(url: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    return this.all.get(cacheName)?.get(url)?.clone()
  }
}

/** happy-dom's Request knows no navigation. */
const request = (path: string, more: Partial<Request> = {}): Request =>
  ({ url: new URL(path, BASE).href, method: 'GET', mode: 'cors', ...more }) as Request
const navigation = (path: string): Request => request(path, { mode: 'navigate' })

describe('the precache', () => {
  let caches: Caches
  let asked: { url: string; integrity: string | undefined; cache: string | undefined }[]
  let served: (url: string) => Response
  beforeEach(() => {
    caches = new Caches()
    asked = []
    served = (url) => new Response(`network: ${url}`)
  })

  const precache = (version = 'v1'): Precache =>
    createPrecache({
      files,
      version,
      base: BASE,
      caches: caches as unknown as CacheStorage,
      fetch: async (input, options) => {
        const url = typeof input === 'string' ? input : input.url
        asked.push({ url, integrity: options?.integrity, cache: options?.cache })
        return served(url)
      }
    })

  it('fetches exactly the files that a start needs, each to match its content; what has no hash in its name is asked for anew', async () => {
    await precache().fill()
    expect(asked).toEqual([
      { url: BASE, integrity: 'sha256-page', cache: 'no-cache' },
      { url: `${BASE}assets/index-abc.js`, integrity: 'sha256-script', cache: 'default' },
      { url: `${BASE}assets/first.woff2`, integrity: 'sha256-first', cache: 'default' },
      { url: `${BASE}notice.png`, integrity: 'sha256-notice', cache: 'no-cache' }
    ])
  })

  it('lets the browser itself answer with the page and what a start needs, and with nothing else', () => {
    const routes = precache().routes()
    const source = { cacheName: 'maru-client-v1' }
    const urlPattern = (pathname: string) => ({ baseURL: BASE, pathname, search: '' })
    expect(routes).toEqual([
      { condition: { requestMode: 'navigate', urlPattern: urlPattern('/') }, source },
      { condition: { urlPattern: urlPattern('/assets/*.js') }, source },
      { condition: { urlPattern: urlPattern('/assets/*.css') }, source },
      { condition: { urlPattern: urlPattern('/assets/first.woff2') }, source }
    ])
  })

  it('keeps what a proxy says is for one kind of browser for every request', async () => {
    served = (url) =>
      new Response(`network: ${url}`, { headers: { vary: 'User-Agent', 'content-type': 'text/javascript' } })
    await precache().fill()
    const kept = await caches.match(`${BASE}assets/index-abc.js`, { cacheName: 'maru-client-v1' })
    expect([...(kept?.headers ?? [])]).toEqual([['content-type', 'text/javascript']])
    expect(await kept?.text()).toBe(`network: ${BASE}assets/index-abc.js`)
  })

  it('keeps a piece of a font once the page has used it', async () => {
    const worker = precache()
    await worker.fill()
    asked = []
    const font = request('assets/font-1.woff2')
    expect(await (await worker.answer(font))?.text()).toBe(`network: ${BASE}assets/font-1.woff2`)
    expect(asked).toEqual([{ url: `${BASE}assets/font-1.woff2`, integrity: 'sha256-font', cache: 'default' }])
    served = () => Response.error()
    expect(await (await worker.answer(font))?.text()).toBe(`network: ${BASE}assets/font-1.woff2`)
    expect(asked).toHaveLength(1)
  })

  it('half a version is none', async () => {
    served = (url) => new Response('', { status: url.endsWith('notice.png') ? 404 : 200 })
    await expect(precache().fill()).rejects.toThrow(/notice\.png was answered with 404/)
  })

  it('answers the page and its files without the network, whatever follows the address', async () => {
    const worker = precache()
    await worker.fill()
    asked = []
    served = () => Response.error()
    for (const each of [navigation('./'), navigation('./?from=a-link'), navigation('index.html')]) {
      expect(await (await worker.answer(each))?.text()).toBe(`network: ${BASE}`)
    }
    const script = await worker.answer(request('assets/index-abc.js'))
    expect(await script?.text()).toBe(`network: ${BASE}assets/index-abc.js`)
    expect(asked).toEqual([])
  })

  it.each([
    ['the API', request('api/v1/relay')],
    ['the socket', request('socket.io/?EIO=4&transport=polling')],
    ['something posted', request('assets/index-abc.js', { method: 'POST' })],
    ['a file of another version', request('assets/index-old.js')],
    ['another page', navigation('api/v1/relay')],
    ['another origin', request('https://other.example/assets/index-abc.js')],
    ['another page of another origin', navigation('https://other.example/')]
  ])('never touches %s', async (_words, foreign) => {
    const worker = precache()
    await worker.fill()
    expect(worker.answer(foreign)).toBeUndefined()
  })

  it('asks the network when the browser has thrown the cache away', async () => {
    const worker = precache()
    expect(await (await worker.answer(navigation('./')))?.text()).toBe(`network: ${BASE}`)
  })

  it('keeps only its own version of the client, and what belongs to others', async () => {
    const old = precache('v1')
    await old.fill()
    await caches.open('of somebody else')
    const next = precache('v2')
    served = (url) => new Response(`newer: ${url}`)
    await next.fill()
    // Until the old one is gone, each answers with its own.
    expect(await (await old.answer(navigation('./')))?.text()).toBe(`network: ${BASE}`)
    expect(await (await next.answer(navigation('./')))?.text()).toBe(`newer: ${BASE}`)
    await next.dropOthers()
    expect(await caches.keys()).toEqual(['of somebody else', 'maru-client-v2'])
  })
})
