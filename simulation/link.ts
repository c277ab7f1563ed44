// The line between one device and the relay, as the client's Socket.IO sees it: slow, losing, doubling and reordering packets, cut, or half
// open, as far as a real one can be and a bit beyond. Knows nothing of what travels but its events' names.
import { PRESENCE_TTL_MS, SILENCE_LIMIT_MS } from '../protocol/limits.ts'
import type { ConnectionOptions } from '../src-renderer/connection/socket-connection.ts'
import type { Inlet, SimulatedRelay } from './relay.ts'
import type { Scheduler } from './scheduler.ts'
import type { Trace } from './trace.ts'

/** Chances from 0 to 1; times in ms. */
export interface LinkWeather {
  /** The longest that a packet takes. */
  delayMs: number
  loseHint: number
  doubleHint: number
  /** Packets that the relay gets twice. */
  doubleRequest: number
  /** Packets after which nothing comes through any more, and nobody is told. */
  dies: number
  /** Whether packets overtake each other. */
  reorders: boolean
}

export const CALM: LinkWeather = {
  delayMs: 10,
  loseHint: 0,
  doubleHint: 0,
  doubleRequest: 0,
  dies: 0,
  reorders: false
}

/** How long the relay believes in a connection through which nothing comes, at most; the device notices sooner. */
const RELAY_BELIEVES_MS = PRESENCE_TTL_MS

export interface Link {
  readonly io: NonNullable<ConnectionOptions['io']>
  weather: LinkWeather
  /** False: no try to connect succeeds. */
  online: boolean
  /** Whether the connection of now has lost hints: only a new one repairs that, if nothing else changes. */
  readonly lostHints: boolean
  /** Ends the connection; the device hears of it at once, the relay later. */
  cut(): void
  /** Nothing comes through any more. */
  halfOpen(): void
  /** The device is gone; what it sent before may still arrive. */
  vanish(): void
}

type Listener = (payload: unknown) => void

export function createLink(world: {
  name: string
  scheduler: Scheduler
  random: () => number
  trace: Trace
  relay: SimulatedRelay
}): Link {
  const { name, scheduler, random, trace, relay } = world
  let lostHints = false
  let current: { cut(): void; halfOpen(): void; vanish(): void } | null = null

  function open(auth: unknown): object {
    const listeners = new Map<string, Listener>()
    /** Both ways dead, without a word. */
    let dead = false
    let clientGone = false
    let relayGone = false
    let inlet: Inlet | null = null
    const free = { up: 0, down: 0 }

    const tell = (event: string, payload?: unknown): void => {
      if (!clientGone) listeners.get(event)?.(payload)
    }

    function travel(way: 'up' | 'down', overtakes: boolean, arrive: () => void): void {
      let at = scheduler.now() + random() * link.weather.delayMs
      if (!overtakes) {
        at = Math.max(at, free[way])
        free[way] = at
      }
      scheduler.after(at - scheduler.now(), () => {
        if (!dead) arrive()
      })
    }

    function maybeDie(): void {
      if (random() < link.weather.dies) halfOpen()
    }

    function halfOpen(): void {
      if (dead) return
      dead = true
      trace.add(name, 'line is half open')
      scheduler.after(random() * SILENCE_LIMIT_MS, clientLoses)
      scheduler.after(random() * RELAY_BELIEVES_MS, relayLoses)
    }

    function clientLoses(): void {
      if (clientGone) return
      tell('disconnect', 'transport close')
      clientGone = true
    }

    function relayLoses(): void {
      if (relayGone) return
      relayGone = true
      inlet?.gone()
    }

    function send(event: string, text: string): void {
      const arrive = (): void => {
        trace.add(name, `◄ ${event} ${text}`)
        tell(event, JSON.parse(text))
      }
      if (event === 'sync:changed') {
        if (random() < link.weather.loseHint) {
          lostHints ||= !clientGone && current === cable
          trace.add(name, `✗ ${event} ${text}`)
          return
        }
        if (random() < link.weather.doubleHint) travel('down', true, arrive)
      }
      travel('down', link.weather.reorders && event === 'sync:changed', arrive)
      maybeDie()
    }

    function connect(): void {
      const outlet = {
        send: (event: string, payload: unknown) => send(event, JSON.stringify(payload)),
        closed: () => {
          relayGone = true
          if (random() < 0.2) halfOpen()
          else travel('down', false, clientLoses)
        },
        refused: (error: unknown) => travel('down', false, () => tell('connect_error', { data: error }))
      }
      inlet = link.online ? relay.connect(auth, outlet) : null
      if (inlet !== null) return
      if (random() < 0.8) tell('connect_error', {})
      else halfOpen()
    }

    const cable = {
      cut: (): void => {
        scheduler.after(random() * (random() < 0.5 ? 50 : RELAY_BELIEVES_MS), relayLoses)
        dead ||= random() < 0.5
        clientLoses()
      },
      halfOpen,
      vanish: (): void => {
        clientGone = true
        dead ||= random() < 0.5
        scheduler.after(random() * (random() < 0.5 ? 50 : RELAY_BELIEVES_MS), relayLoses)
      }
    }
    current = cable
    lostHints = false
    travel('up', false, connect)

    return {
      // That nothing comes any more is told by `halfOpen`.
      io: { engine: { on: () => undefined } },
      on: (event: string, listener: Listener) => void listeners.set(event, listener),
      removeAllListeners: () => listeners.clear(),
      disconnect: () => {
        clientGone = true
        travel('up', false, relayLoses)
        if (current === cable) current = null
      },
      emit: (event: string, payload: unknown, acknowledge: (answer: unknown) => void) => {
        if (clientGone) return
        const text = JSON.stringify(payload)
        trace.add(name, `► ${event} ${text}`)
        const arrive = (): void => {
          if (relayGone) return
          inlet?.receive(event, JSON.parse(text), (answer) => {
            const said = JSON.stringify(answer)
            travel('down', link.weather.reorders, () => {
              if (clientGone) return
              trace.add(name, `◄ ${event} ${said}`)
              acknowledge(JSON.parse(said))
            })
            maybeDie()
          })
        }
        travel('up', link.weather.reorders && event === 'sync:pull', arrive)
        if (random() < link.weather.doubleRequest) travel('up', true, arrive)
        maybeDie()
      }
    }
  }

  const link: Link = {
    io: ((_url: string, options: { auth: unknown }) => open(options.auth)) as unknown as Link['io'],
    weather: CALM,
    online: true,
    get lostHints() {
      return lostHints
    },
    cut: () => current?.cut(),
    halfOpen: () => current?.halfOpen(),
    vanish: () => current?.vanish()
  }
  return link
}
