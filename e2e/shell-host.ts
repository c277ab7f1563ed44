// Serves the built client from an origin of its own and under the desktop shell's policy: the client starts without the relay.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { extname, join, normalize, resolve } from 'node:path'
import { CONTENT_SECURITY_POLICY } from '../src-main/content-security-policy.ts'

const webRoot = resolve(import.meta.dirname, '../dist-web')
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2'
}

export class ShellHost {
  readonly port: number
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  /** @param folder the built client; the desktop app's own build lies in out/renderer. */
  static async start(folder = webRoot): Promise<ShellHost> {
    const server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://shell').pathname)
      const file = join(folder, path === '/' ? 'index.html' : path)
      readFile(file).then(
        (bytes) => {
          response.writeHead(200, {
            'content-type': types[extname(file)] ?? 'application/octet-stream',
            'content-security-policy': CONTENT_SECURITY_POLICY
          })
          response.end(bytes)
        },
        () => {
          response.writeHead(404)
          response.end()
        }
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the shell host has no port')
    return new ShellHost(server, address.port)
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
