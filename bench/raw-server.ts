// The baseline: `ws` alone. What one client sends goes to all, nothing is parsed, checked or stored.
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  backlog: 1024
})
server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    for (const client of server.clients) client.send(data, { binary: isBinary })
  })
})
server.on('listening', () =>
  process.stdout.write(`ready at ws://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
)
