// Asks a relay what it is by https, as an app that has pinned a certificate: node ask-pinned.ts <url> <fingerprint>. Prints the answer, or what was
// in the way; nothing is sent before the certificate is the right one.
import { createHash } from 'node:crypto'
import { connect } from 'node:tls'

const [url = '', fingerprint = ''] = process.argv.slice(2)
const { hostname, port } = new URL(url)
// Who vouches for it does not matter: it is that one or none.
const socket = connect(
  { host: hostname, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
  () => {
    const shown = createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex')
    if (shown !== fingerprint) {
      process.stdout.write('another certificate\n')
      return socket.destroy()
    }
    socket.setEncoding('utf8').on('data', (text: string) => process.stdout.write(text))
    return socket.write(`GET /api/v1/relay HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`)
  }
)
