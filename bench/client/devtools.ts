// Questions to a browser and their answers, in the Chrome DevTools protocol over one WebSocket. Starts and ends no browser; enables nothing by itself.
import { once } from 'node:events'
import type { CDPSession } from '@playwright/test'
import { WebSocket } from 'ws'
import { within } from '../row.ts'

/** Longer than a page waits for its words (page-watch.ts), so that its own reason is heard. */
const ANSWER_LIMIT_MS = 90_000

/**
 * Asks and gets the answer; typed as Playwright's, which has the protocol's table. Rejects with what the browser says against it, with why the browser
 * ended, and when there is no answer for 90 seconds.
 */
export type Ask = CDPSession['send']

export interface Devtools {
  /** Asks the browser itself. */
  ask: Ask
  /** Asks what this session of `Target.attachToTarget` (flat) is attached to. */
  askIn: (sessionId: string) => Ask
}

/** An answer, which has an `id`, or an event. */
interface Message {
  id?: number
  method?: string
  sessionId?: string
  result?: unknown
  error?: { message: string; data?: string }
}

interface Question {
  sessionId: string | undefined
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** @param ended resolves with why the browser has ended. Then the socket is closed, and what is still asked rejects with that. */
export async function openDevtools(url: string, ended: Promise<string>): Promise<Devtools> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const questions = new Map<number, Question>()
  let lastId = 0
  let reason: string | undefined

  function fail(why: string): void {
    reason ??= why
    for (const { reject } of questions.values()) reject(new Error(why))
    questions.clear()
    socket.terminate()
  }

  function hear({ id, method, sessionId, result, error }: Message): void {
    // Told unasked. What a page was asked that is no more stays without an answer.
    if (method === 'Inspector.targetCrashed') {
      const lost = [...questions.values()].filter((question) => question.sessionId === sessionId)
      for (const { reject } of lost) reject(new Error('the page has crashed'))
    }
    if (id === undefined) return
    const question = questions.get(id)
    questions.delete(id)
    if (error) question?.reject(new Error([error.message, error.data].filter(Boolean).join(': ')))
    else question?.resolve(result)
  }

  function askIn(sessionId: string | undefined): Ask {
    return async (method, params) => {
      if (reason !== undefined) throw new Error(`${method}: ${reason}`)
      const id = ++lastId
      const answered = new Promise<unknown>((resolve, reject) => {
        const refuse = (error: Error): void => reject(new Error(`${method}: ${error.message}`))
        questions.set(id, { sessionId, resolve, reject: refuse })
      })
      socket.send(JSON.stringify({ id, method, params, sessionId }))
      return (await within(ANSWER_LIMIT_MS, `the answer to ${method}`, answered)) as never
    }
  }

  socket.on('message', (bytes: Buffer) => hear(JSON.parse(bytes.toString()) as Message))
  socket.on('error', ({ message }) => fail(message))
  // Not at 'close': the end of the browser, which follows, has more to say.
  void ended.then(fail)
  await within(ANSWER_LIMIT_MS, `a connection to ${url}`, once(socket, 'open'))
  return { ask: askIn(undefined), askIn }
}
