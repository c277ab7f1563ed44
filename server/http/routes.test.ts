import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../protocol/values.ts'
import { TestRelay } from '../testing/relay-kit.ts'
import type { Person } from '../testing/test-device.ts'

/** ○ nobody, ● an owner of the relay, else whoever is signed in. */
type Asks = 'nobody' | 'owner' | 'session'
interface Route {
  method: string
  path: string
  asks: Asks
}

const METHOD = '(?:GET|POST|PUT|PATCH|DELETE)'

/** Every address of SPEC §5, as its table has it. */
function documented(): Route[] {
  const spec = readFileSync(new URL('../../protocol/SPEC.md', import.meta.url), 'utf8')
  const section = spec.slice(spec.indexOf('## 5. '), spec.indexOf('## 6. '))
  const routes: Route[] = []
  for (const line of section.split('\n')) {
    const [, cell = ''] = /^\| (.*?) +\|/.exec(line) ?? []
    const asks = cell.startsWith('○') ? 'nobody' : cell.startsWith('●') ? 'owner' : 'session'
    const shown = cell.matchAll(new RegExp(`\`(${METHOD}(?: or ${METHOD})*) (\\S+)\``, 'g'))
    for (const [, methods = '', path = ''] of shown) {
      const whole = path.startsWith('…') ? continued(routes.at(-1)?.path ?? '', path.slice(1)) : path
      for (const method of methods.split(' or ')) routes.push({ method, path: whole, asks })
    }
  }
  // The list of messages has two rows.
  return routes.filter(
    (route, index) => routes.findIndex((each) => each.method === route.method && each.path === route.path) === index
  )
}

/** What `…` stands for: the path of the row above, as far as it goes on differently. */
function continued(above: string, rest: string): string {
  const at = above.indexOf(rest.split('/:')[0] || '\0')
  return (at === -1 ? above : above.slice(0, at)) + rest
}

const nameless = (path: string): string => path.replaceAll(/:\w+/g, ':')

describe('the addresses of REST [SPEC §5]', () => {
  const routes = documented()
  let relay: TestRelay
  beforeAll(async () => {
    relay = await TestRelay.start()
    await relay.signUpAll(['owner', 'member'])
  })
  afterAll(() => relay.stop())

  /** A session of its own: some addresses end it. */
  const signIn = async (username: string): Promise<string> => {
    const json = { username, password: `password of ${username}` }
    return (await relay.rest<Person>('POST', 'sessions', { json })).body.token
  }
  const filled = (path: string): string =>
    path
      .slice(1)
      .replaceAll(/:\w+/g, (name) => (name === ':hash' ? '0'.repeat(32) : name === ':emoji' ? '%F0%9F%91%8D' : newId()))
  const ask = (route: Route, token?: string) => {
    const body = route.method === 'GET' ? {} : { json: {} }
    return relay.rest(route.method, filled(route.path), { ...body, ...(token === undefined ? {} : { token }) })
  }

  it('are those of the document, no more and no fewer, by these methods', async () => {
    const folder = new URL('.', import.meta.url)
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const served = sources.flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/endpoint\(router, '([^']+)'/g)].map(([, path = '']) =>
        nameless(path)
      )
    )
    const paths = new Set(routes.map(({ path }) => nameless(path)))
    expect(served.toSorted()).toEqual([...paths].toSorted())
    for (const path of paths) {
      const methods = routes.filter((route) => nameless(route.path) === path).map(({ method }) => method)
      const { headers } = await relay.rest('PROPFIND', filled(path.replaceAll('/:', '/:id')))
      const allowed = (headers.get('allow') ?? '').split(', ').filter((method) => !['OPTIONS', 'HEAD'].includes(method))
      expect([path, allowed.toSorted()]).toEqual([path, methods.toSorted()])
    }
  })

  it.each(routes)('$method $path asks for $asks', async (route) => {
    const { relay: relayOf } = relay
    const before = await relayOf.storage.head('users')
    const signedOut = await ask(route)
    const unknown = await ask(route, 'x'.repeat(43))
    const member = await ask(route, await signIn('member'))
    const owner = await ask(route, await signIn('owner'))
    const door = ({ status, body }: typeof owner): string | number =>
      status === 401 || (status === 403 && body.code === 'not-permitted') ? status : 'in'
    const expected = { nobody: ['in', 'in', 'in', 'in'], session: [401, 401, 'in', 'in'], owner: [401, 401, 403, 'in'] }
    expect([signedOut, unknown, member, owner].map(door)).toEqual(expected[route.asks])
    for (const { status } of [signedOut, unknown, member, owner]) expect(status).toBeLessThan(500)
    expect(await relayOf.storage.head('users')).toBe(before)
  })
})
