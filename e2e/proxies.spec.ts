// The relay behind TLS, with the recipes that the documentation gives to people: run for real, in front of a real relay.
import { request as askPlain } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request as askTls } from 'node:https'
import type { LaunchOptions, Page } from '@playwright/test'
import { io } from 'socket.io-client'
import { parse } from '../protocol/parse.ts'
import { welcomeSchema } from '../protocol/socket.ts'
import { en } from '../src-renderer/texts/en.ts'
import { Client, PASSWORD } from './client.ts'
import { expect, test as base } from './fixtures.ts'
import type { Place } from './places.ts'
import { caddy, HOST, makeCertificate, nginx } from './proxy.ts'
import type { Certificate, Proxy, ProxyKind } from './proxy.ts'
import { RelayProcess } from './relay-process.ts'

const ROOM = 'Hall'

interface Site {
  proxy: Proxy
  certificate: Certificate
  /** The same recipe without the lines that pass WebSockets on. */
  startWithoutUpgrade(): Promise<Proxy>
}

const test = base.extend<{ kind: ProxyKind; site: Site }>({
  kind: [nginx, { option: true }],
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  site: async ({ kind }, provide, testInfo) => {
    const program = kind.find()
    const certificate = await makeCertificate(testInfo.outputPath('certificate'))
    test.skip(program === undefined, `${kind.name} is not installed, and its Debian package cannot be had`)
    test.skip(certificate === undefined, 'openssl is not installed, and its Debian package cannot be had')
    if (program === undefined || certificate === undefined) return
    // The name is the relay's; the recipe says so by PUBLIC_URL, which would also change the line that tells the port.
    const names = { CORS_ORIGINS: `https://${HOST}` }
    const relay = await RelayProcess.start({ env: { RATE_LIMIT: 'on', TRUSTED_PROXIES: '127.0.0.1', ...names } })
    const options = { certificate, relayPort: relay.port }
    const proxies = [await kind.start(program, { ...options, folder: testInfo.outputPath('proxy') })]
    await provide({
      proxy: proxies[0]!,
      certificate,
      async startWithoutUpgrade() {
        const folder = testInfo.outputPath('proxy-without-upgrade')
        const proxy = await kind.start(program, { ...options, folder, withoutUpgrade: true })
        proxies.push(proxy)
        return proxy
      }
    })
    await Promise.all(proxies.map(async (proxy) => proxy.stop()))
    await relay.dispose()
  }
})

/** A browser that finds the name on this machine and takes the certificate for a good one, which service workers need. */
async function openAt(port: number, { spki }: Certificate, launch: LaunchOptions): Promise<Client> {
  const browserArgs = [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, `--ignore-certificate-errors-spki-list=${spki}`]
  const place: Place = { name: 'behind TLS', host: HOST, secure: true, browserArgs }
  return Client.open({ place, launch, pageUrl: `https://${HOST}:${port}/` })
}

/** Finds every name on this machine, and takes every certificate. */
const onThisMachine = new Agent({
  rejectUnauthorized: false,
  lookup: (_name, options, found) => {
    if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }])
    else found(null, '127.0.0.1', 4)
  }
})

/** Counts what the relay says by WebSocket. */
function countFrames(page: Page): () => number {
  let frames = 0
  page.on('websocket', (socket) => socket.on('framereceived', () => (frames += 1)))
  return () => frames
}

for (const kind of [nginx, caddy]) {
  test.describe(`behind ${kind.name}`, () => {
    test.use({ kind })

    test('devices connect by WebSocket and by long-polling', async ({ site }) => {
      const { tlsPort: port } = site.proxy
      const account = JSON.stringify({ username: 'minji', password: PASSWORD, displayName: 'Minji' })
      const headers = { 'content-type': 'application/json' }
      const tls = { servername: HOST, rejectUnauthorized: false }
      const made = await answerOf(askTls, { path: '/api/v1/accounts', method: 'POST', headers, port, ...tls }, account)
      const { token } = JSON.parse(made.body) as { token: string }
      for (const transport of ['websocket', 'polling']) {
        const socket = io(`https://${HOST}:${port}`, {
          auth: { token, protocol: 1 },
          transports: [transport],
          reconnection: false,
          forceNew: true,
          // In Node it is one, whatever its type says.
          agent: onThisMachine as unknown as string
        })
        const welcome = await new Promise((resolve, reject) => {
          socket.once('relay:welcome', resolve)
          socket.once('connect_error', reject)
        })
        expect(parse(welcomeSchema, welcome).user.username).toBe('minji')
        expect(socket.io.engine.transport.name).toBe(transport)
        socket.disconnect()
      }
    })

    test('refusals are the relay’s own, each address has its own limit, http leads to https', async ({ site }) => {
      const { tlsPort, plainPort } = site.proxy
      const signIn = { path: '/api/v1/sessions', method: 'POST', headers: { 'content-type': 'application/json' } }
      const ask = async (options: Omit<Question, 'port'>, body?: string): Promise<Answer> =>
        answerOf(askTls, { ...options, port: tlsPort, servername: HOST, rejectUnauthorized: false }, body)

      const large = await ask(signIn, JSON.stringify({ username: 'minji', password: 'x'.repeat(1_500_000) }))
      expect(large).toMatchObject({
        status: 413,
        headers: { 'content-type': expect.stringContaining('application/problem+json') }
      })
      expect(JSON.parse(large.body)).toMatchObject({ code: 'too-large', limit: 1_000_000 })

      const guess = JSON.stringify({ username: 'nobody', password: 'a guess of mine' })
      const shareOf = async (localAddress: string, claimed: string): Promise<number> => {
        const headers = { ...signIn.headers, 'x-forwarded-for': claimed }
        const answer = await ask({ ...signIn, headers, localAddress }, guess)
        return Number(/"sign-in-address"; *r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1])
      }
      // All of 127.0.0.0/8 is this machine on Linux. What they claim to be counts for nothing.
      if (process.platform === 'linux') {
        expect(await shareOf('127.0.0.2', '203.0.113.1')).toBe(199)
        expect(await shareOf('127.0.0.2', '203.0.113.2')).toBe(198)
        expect(await shareOf('127.0.0.3', '203.0.113.2')).toBe(199)
      }

      const page = await ask({ path: '/', headers: { 'accept-encoding': 'gzip' } })
      expect(page).toMatchObject({ status: 200, headers: { 'content-encoding': 'gzip', 'cache-control': 'no-cache' } })
      expect(page.headers['content-security-policy']).toContain(`wss://${HOST}:${tlsPort}`)
      const plain = await answerOf(askPlain, { port: plainPort, path: '/room?a=b' })
      expect(String(plain.status)).toMatch(/^30[18]$/)
      expect(plain.headers.location).toMatch(new RegExp(`^https://${HOST}(:${tlsPort})?/room\\?a=b$`))
    })
  })
}

test('behind nginx two people talk, one by WebSocket and one where upgrades are refused; the client starts offline', async ({
  site,
  launchOptions
}) => {
  const { proxy, certificate } = site
  const joonsProxy = await site.startWithoutUpgrade()
  const minji = await openAt(proxy.tlsPort, certificate, launchOptions)
  const joon = await openAt(joonsProxy.tlsPort, certificate, launchOptions)
  const minjiFrames = countFrames(minji.page)
  const joonFrames = countFrames(joon.page)
  try {
    await joon.signUp('Joon')
    await minji.signUp('Minji')
    await minji.createRoom(ROOM, ['Joon'])
    await minji.send('안녕, Joon')
    await joon.openRoom(ROOM)
    await expect.poll(async () => joon.messages(ROOM)).toEqual(['안녕, Joon'])
    await joon.send('안녕!')
    const all = ['안녕, Joon', '안녕!']
    await expect.poll(async () => minji.messages(ROOM)).toEqual(all)
    await expect(joon.waiting(ROOM)).toHaveCount(0)
    await joon.badge(en.connection.connected)
    expect(minjiFrames()).toBeGreaterThan(0)
    expect(joonFrames()).toBe(0)

    await minji.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
    await proxy.stop()
    await minji.restart()
    await minji.openRoom(ROOM)
    await expect.poll(async () => minji.messages(ROOM)).toEqual(all)
    expect([...minji.complaints, ...joon.complaints]).toEqual([])
  } finally {
    await minji.dispose()
    await joon.dispose()
  }
})

interface Question {
  port: number
  path: string
  method?: string
  headers?: Record<string, string>
  localAddress?: string
  /** By TLS, under this name. */
  servername?: string
  rejectUnauthorized?: boolean
}

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** Asks the proxy under the name in the recipes. */
async function answerOf(
  ask: typeof askPlain | typeof askTls,
  { headers, port, ...options }: Question,
  body?: string
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const named = { ...headers, host: options.servername === undefined ? HOST : `${HOST}:${port}` }
    const request = ask({ host: '127.0.0.1', port, ...options, headers: named }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() })
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
