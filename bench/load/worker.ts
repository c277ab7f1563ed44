// A generator process: many clients, of which as many send as fit into the window. Told what to do by its parent.
import { nowMicros } from '../histogram.ts'
import type { FromWorker, LoadPlan, ToWorker } from '../plan.ts'
import { newTally } from './client.ts'
import type { Client } from './client.ts'
import { createRawClient } from './raw-client.ts'
import { createRelayClient } from './relay-client.ts'

/** Connections that are opened at once. */
const CONNECTING = 50
const MAX_FAULTS = 20

const faults: string[] = []
const tally = newTally((text) => {
  if (faults.length < MAX_FAULTS) faults.push(text)
})
let clients: Client[] = []
let idle: Client[] = []
let plan: LoadPlan
let sending = false
let underWay = 0

async function connectAll(): Promise<void> {
  const { seats, target, verifyEvery, firstNumber, ...rest } = plan
  const create = target === 'raw' ? createRawClient : createRelayClient
  clients = seats.map((seat, index) =>
    create({ ...rest, seat, number: firstNumber + index, verifying: (firstNumber + index) % verifyEvery === 0, tally })
  )
  for (let at = 0; at < clients.length; at += CONNECTING) {
    await Promise.all(clients.slice(at, at + CONNECTING).map((client) => client.connect()))
  }
  idle = [...clients]
}

/** Everybody has a turn: who was answered goes to the end of the line. */
function sendMore(): void {
  const messages = plan.target === 'raw' ? 1 : plan.perPush
  while (underWay + messages <= plan.window) {
    const client = idle.shift()
    if (!client) return
    underWay += messages
    client.send(messages, () => {
      underWay -= messages
      idle.push(client)
      if (sending) sendMore()
      else if (underWay === 0) say({ type: 'paused' })
    })
  }
}

function say(message: FromWorker, done: () => void = () => {}): void {
  process.send?.(message, done)
}

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'plan':
      ;({ plan } = message)
      connectAll().then(
        () => say({ type: 'ready' }),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        }
      )
      break
    case 'go':
      sending = true
      sendMore()
      break
    case 'pause':
      sending = false
      if (underWay === 0) say({ type: 'paused' })
      break
    case 'sample': {
      const { deliveries, bytes, frames, accepted } = tally
      say({ type: 'sample', sample: { at: nowMicros(), deliveries, bytes, frames, accepted } })
      break
    }
    case 'reset':
      tally.deliveryMs.fill(0)
      tally.ackMs.fill(0)
      say({ type: 'reset' })
      break
    case 'finish': {
      const { deliveryMs, ackMs, verified, sent, recordBytes } = tally
      const perClient = clients.map(({ received }) => received)
      const outcome = { deliveryMs, ackMs, faults, verified, perClient, sent, recordBytes }
      say({ type: 'finished', outcome }, () => process.exit(0))
      for (const client of clients) client.close()
    }
  }
})
