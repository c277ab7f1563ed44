// A device as the wire sees it: it counts its operations, records what it hears, and can be asked to wait for things without sleeping.
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import type { PersonPresence, PresenceTold, TypingTold } from '../../protocol/live.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { Operation } from '../../protocol/operations.ts'
import type {
  Answer,
  Changed,
  Failure,
  Notice,
  PullResult,
  Push,
  PushResult,
  Want,
  Welcome
} from '../../protocol/socket.ts'
import { newId } from '../../protocol/values.ts'

export interface Person {
  user: UserRecord
  deviceId: string
  token: string
}

export class TestDevice {
  readonly person: Person
  readonly heard: Changed[] = []
  readonly notices: Notice[] = []
  /** [S14] What was heard of typing, and of whom that there was something to tell. */
  readonly typingHeard: TypingTold[] = []
  readonly presenceHeard: PersonPresence[] = []
  socket: Socket
  welcome: Welcome | undefined
  /** The last n given. */
  n = 0
  settled = 0
  readonly #url: () => string
  readonly #transports: ('websocket' | 'polling')[]

  constructor(url: () => string, person: Person, transports: ('websocket' | 'polling')[] = ['websocket']) {
    this.#url = url
    this.person = person
    this.#transports = transports
    this.socket = this.#open()
  }

  get userId(): string {
    return this.person.user.id
  }

  #open(): Socket {
    const socket = io(this.#url(), {
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: this.#transports,
      auth: { token: this.person.token, protocol: 1 }
    })
    socket.on('sync:changed', (changed: Changed) => this.heard.push(changed))
    socket.on('relay:notice', (notice: Notice) => this.notices.push(notice))
    socket.on('live:typing', (told: TypingTold) => this.typingHeard.push(told))
    socket.on('live:presence', ({ people }: PresenceTold) => this.presenceHeard.push(...people))
    return socket
  }

  /** Resolves with the welcome; rejects with the connect error, which carries `data`. */
  connect(): Promise<Welcome> {
    this.socket.disconnect()
    this.socket = this.#open()
    return new Promise((resolve, reject) => {
      this.socket.once('relay:welcome', (welcome: Welcome) => {
        this.welcome = welcome
        resolve(welcome)
      })
      this.socket.once('connect_error', reject)
      this.socket.connect()
    })
  }

  disconnect(): void {
    this.socket.disconnect()
  }

  /** Resolves with the reason once the connection has ended. */
  ended(): Promise<string> {
    if (this.socket.disconnected) return Promise.resolve('was disconnected')
    return new Promise((resolve) => this.socket.once('disconnect', resolve))
  }

  /** Any event; resolves with the acknowledgement, `T` being what the test expects of it. */
  async ask<T = Failure>(event: string, payload: unknown): Promise<T> {
    return (await this.socket.timeout(10_000).emitWithAck(event, payload)) as T
  }

  /** Gives each operation the next n. */
  number(...operations: Operation[]): Push {
    return {
      settled: this.settled,
      operations: operations.map((operation) => ({ id: newId(), n: ++this.n, operation }))
    }
  }

  push(push: Push): Promise<PushResult> {
    return this.ask('sync:push', push)
  }

  /** Pushes the operations, expects an answer for each. */
  async apply(...operations: Operation[]): Promise<Answer[]> {
    const result = await this.push(this.number(...operations))
    if (!result.ok || result.answers.length !== operations.length) {
      throw new Error(`not every operation was answered: ${JSON.stringify(result)}`)
    }
    return result.answers
  }

  pull(...wants: Want[]): Promise<PullResult> {
    return this.ask('sync:pull', { wants })
  }

  /** After this, whatever was told to this connection before has been heard: frames keep their order. */
  async caughtUp(): Promise<void> {
    await this.ask('sync:pull', { wants: [{ kind: 'changes', stream: 'users', since: 0, epoch: 0, limit: 1 }] })
  }

  /** Makes a room with others in it; resolves with its id. */
  async createRoom(...others: Person[]): Promise<string> {
    const roomId = newId()
    const memberIds = others.map(({ user }) => user.id)
    await this.accepted({ type: 'room.create', roomId, kind: 'group', name: 'Room', memberIds })
    return roomId
  }

  /** Sends a message; resolves with its answer. */
  async send(roomId: string, body: string, messageId = newId()): Promise<Answer & { status: 'accepted' }> {
    return this.accepted({ type: 'message.send', roomId, messageId, body, sentAt: '2026-01-01T00:00:00.000Z' })
  }

  /** Pushes one operation that has to be accepted. */
  async accepted(operation: Operation): Promise<Answer & { status: 'accepted' }> {
    const [answer] = await this.apply(operation)
    if (answer?.status !== 'accepted') throw new Error(`${operation.type} was not accepted: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Pushes one operation that has to be refused; resolves with the code. */
  async refused(operation: Operation): Promise<string> {
    const [answer] = await this.apply(operation)
    if (answer?.status !== 'refused') throw new Error(`${operation.type} was not refused: ${JSON.stringify(answer)}`)
    return answer.error.code
  }
}
