// One whole version of the built client, kept in the browser's cache and served from there. Must know nothing of the chat: what is not in
// its list of files, the relay's API above all, it never touches.

import type { BuiltFile } from './built-file.ts'

export interface PrecacheParts {
  files: readonly BuiltFile[]
  /** Another one for each other list of files. */
  version: string
  /** The client's address, with a slash at the end. */
  base: string
  caches: CacheStorage
  fetch: (input: string | Request, options?: RequestInit) => Promise<Response>
}

/** As a browser takes it that can answer requests from a cache without starting the worker. */
export interface Route {
  condition: { urlPattern: URLPatternInit; requestMode?: 'navigate' }
  source: { cacheName: string }
}

export interface Precache {
  /** Fetches every file but those for when they are used, or rejects: half a version is none, and the browser tries again later. */
  fill(): Promise<void>
  /** Forgets all other versions. */
  dropOthers(): Promise<void>
  /** What `answer` would say to most requests of a start, for browsers that need not ask; what the cache lacks they ask of the network. */
  routes(): Route[]
  /** Undefined: not ours, let it pass. */
  answer(request: Request): Promise<Response> | undefined
}

const NAME_START = 'maru-client-'
const LISTED = /\.(?:js|css)$/

/**
 * The page comes from the same version as its files, and from the cache first: the client starts as fast without a network as with a bad
 * one, and a page never meets files of another version. The price is that a new version shows at the next start.
 */
export function createPrecache({ files, version, base, caches, fetch }: PrecacheParts): Precache {
  const name = `${NAME_START}${version}`
  const known = new Map(files.map((file) => [new URL(file.path, base).href, file]))

  /** The address under which a request's answer is kept, if it is. */
  const keyOf = ({ method, mode, url }: Request): string | undefined => {
    if (method !== 'GET') return undefined
    const asked = new URL(url)
    asked.search = ''
    asked.hash = ''
    if (mode === 'navigate') return asked.href === base || asked.href === `${base}index.html` ? base : undefined
    return known.has(asked.href) ? asked.href : undefined
  }

  /** Files in assets/ carry a hash in their names; the others are asked for anew. */
  async function keep(cache: Cache, { path, integrity }: BuiltFile): Promise<Response> {
    const url = new URL(path, base).href
    const response = await fetch(url, { integrity, cache: path.startsWith('assets/') ? 'default' : 'no-cache' })
    if (!response.ok) throw new Error(`${url} was answered with ${response.status}`)
    await cache.put(url, withoutVary(response.clone()))
    return response
  }

  /** The browser may have thrown the cache away: then the network is asked. */
  async function answerFrom(key: string, request: Request): Promise<Response> {
    const kept = await caches.match(key, { cacheName: name })
    if (kept) return kept
    const file = known.get(key)
    return file?.whenUsed ? keep(await caches.open(name), file) : fetch(request)
  }

  return {
    async fill() {
      const cache = await caches.open(name)
      const atOnce = files.filter(({ whenUsed }) => !whenUsed)
      await Promise.all(atOnce.map(async (file) => keep(cache, file)))
    },
    async dropOthers() {
      const names = await caches.keys()
      await Promise.all(
        names.filter((each) => each.startsWith(NAME_START) && each !== name).map(async (each) => caches.delete(each))
      )
    },
    routes() {
      const first = files.filter(({ path, whenUsed }) => !whenUsed && path.startsWith('assets/') && !LISTED.test(path))
      const route = (path: string, more: Partial<Route['condition']> = {}): Route => ({
        condition: { urlPattern: { baseURL: base, pathname: new URL(path, base).pathname, search: '' }, ...more },
        source: { cacheName: name }
      })
      return [
        route('', { requestMode: 'navigate' }),
        // One for each would be more than a browser takes. All of these are kept from the first.
        ...['assets/*.js', 'assets/*.css'].map((path) => route(path)),
        ...first.map(({ path }) => route(path))
      ]
    },
    answer(request) {
      const key = keyOf(request)
      return key === undefined ? undefined : answerFrom(key, request)
    }
  }
}

/** What a proxy says of what answers depend on would keep the browser from finding it for a request with other headers. */
function withoutVary(response: Response): Response {
  if (!response.headers.has('vary')) return response
  const headers = new Headers(response.headers)
  headers.delete('vary')
  return new Response(response.body, { status: response.status, headers })
}
