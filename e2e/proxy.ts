// The recipes of deploy/ run as they are written, but for ports, paths and a certificate made here, in front of a relay of a spec.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findProgram } from '../scripts/debian-package.mjs'

/** The name in the recipes. */
export const HOST = 'chat.example.org'
const deploy = resolve(import.meta.dirname, '../deploy')

export interface Certificate {
  certFile: string
  keyFile: string
  /** What Chromium's --ignore-certificate-errors-spki-list takes. */
  spki: string
}

export interface ProxyOptions {
  /** For its files; nothing else may be in it. */
  folder: string
  certificate: Certificate
  relayPort: number
  /** Leaves the two lines out that pass WebSockets on. */
  withoutUpgrade?: boolean
}

export interface Proxy {
  tlsPort: number
  plainPort: number
  stop(): Promise<void>
}

export interface ProxyKind {
  name: string
  /** Undefined where it is not installed and no package of it can be had. */
  find(): string | undefined
  start(program: string, options: ProxyOptions): Promise<Proxy>
}

export const nginx: ProxyKind = {
  name: 'nginx',
  find: () => findProgram({ program: 'nginx', packageName: 'nginx', versionArgument: '-v' }),
  async start(program, { folder, certificate, relayPort, withoutUpgrade = false }) {
    const { tlsPort, plainPort } = await freePorts()
    await mkdir(folder, { recursive: true })
    const site = replaced(await readFile(join(deploy, 'nginx.conf'), 'utf8'), [
      ['listen 80;', `listen 127.0.0.1:${plainPort};`],
      ['listen [::]:80;', ''],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${tlsPort} ssl http2;`],
      ['listen [::]:443 ssl http2;', ''],
      [`/etc/letsencrypt/live/${HOST}/fullchain.pem`, certificate.certFile],
      [`/etc/letsencrypt/live/${HOST}/privkey.pem`, certificate.keyFile],
      ['server 127.0.0.1:4100;', `server 127.0.0.1:${relayPort};`],
      ...(withoutUpgrade
        ? ([
            ['proxy_set_header Upgrade    $http_upgrade;', ''],
            ['proxy_set_header Connection $maru_connection;', "proxy_set_header Connection '';"]
          ] as const)
        : [])
    ])
    await writeFile(join(folder, 'site.conf'), site)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    const lines = [
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      'daemon off;',
      'worker_processes 1;',
      `pid ${join(folder, 'nginx.pid')};`,
      'events {}',
      'http {',
      '  access_log off;',
      ...temporary.map((each) => `  ${each}_temp_path ${join(folder, each)};`),
      '  include site.conf;',
      '}'
    ]
    await writeFile(join(folder, 'nginx.conf'), lines.join('\n'))
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']
    return running(spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] }), { tlsPort, plainPort })
  }
}

export const caddy: ProxyKind = {
  name: 'Caddy',
  find: () => findProgram({ program: 'caddy', packageName: 'caddy', versionArgument: 'version' }),
  async start(program, { folder, certificate, relayPort }) {
    const { tlsPort, plainPort } = await freePorts()
    await mkdir(folder, { recursive: true })
    const options = ['admin off', 'default_bind 127.0.0.1', `http_port ${plainPort}`, `https_port ${tlsPort}`]
    const site = replaced(await readFile(join(deploy, 'Caddyfile'), 'utf8'), [
      [
        `\n${HOST} {\n`,
        `\n{\n${options.join('\n')}\n}\n\n${HOST} {\ntls ${certificate.certFile} ${certificate.keyFile}\n`
      ],
      ['reverse_proxy 127.0.0.1:4100', `reverse_proxy 127.0.0.1:${relayPort}`]
    ])
    await writeFile(join(folder, 'Caddyfile'), site)
    const args = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    return running(spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] }), { tlsPort, plainPort })
  }
}

/** Self-signed, for the name in the recipes. Undefined where there is no openssl. */
export async function makeCertificate(folder: string): Promise<Certificate | undefined> {
  const openssl = findProgram({ program: 'openssl', packageName: 'openssl', versionArgument: 'version' })
  if (openssl === undefined) return undefined
  await mkdir(folder, { recursive: true })
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-days', '2']
  const { status, stderr } = spawnSync(
    openssl,
    ['req', '-x509', ...curve, ...name, '-keyout', keyFile, '-out', certFile],
    { encoding: 'utf8' }
  )
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`)
  const { publicKey } = new X509Certificate(await readFile(certFile))
  const spki = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  return { certFile, keyFile, spki }
}

/** A recipe in other circumstances; throws if the recipe no longer says what is replaced. */
function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`the recipe does not say "${from}" once`)
    return before.replace(from, () => to)
  }, text)
}

/** Resolves when it listens. */
async function running(child: ChildProcess, ports: { tlsPort: number; plainPort: number }): Promise<Proxy> {
  const said: string[] = []
  child.stderr?.on('data', (bytes: Buffer) => said.push(bytes.toString()))
  const exited = once(child, 'exit')
  for (const port of [ports.tlsPort, ports.plainPort]) {
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`the proxy ended with ${child.exitCode}:\n${said.join('')}`)
      await wait(50)
    }
  }
  return {
    ...ports,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      await exited
    }
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const accepted = await new Promise<boolean>((settle) => {
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
  socket.destroy()
  return accepted
}

async function freePorts(): Promise<{ tlsPort: number; plainPort: number }> {
  const servers = [createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address !== null && typeof address === 'object') ports.push(address.port)
  }
  for (const server of servers) {
    server.close()
    await once(server, 'close')
  }
  const [tlsPort = 0, plainPort = 0] = ports
  return { tlsPort, plainPort }
}
