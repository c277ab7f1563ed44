// The requests of a connection that are not answered yet: handled in their order, pushes apart from reads, and bounded in number and size.
// Knows nothing of what they ask.
import {
  MAX_WAITING_REQUEST_CHARS,
  MAX_WAITING_REQUEST_CHARS_OF_ALL,
  MAX_WAITING_REQUESTS
} from '../../protocol/limits.ts'

/** Each lane has one request in hand at a time: a read does not wait for a push to be stored. */
export type Lane = 'pushes' | 'reads'

export interface RequestLine {
  /**
   * Runs `work` after the lane's earlier requests have ended. False: there is no room, and it is not run.
   * @param chars the size of the request as it came
   * @param work must not reject: nobody would hear it
   */
  enter(lane: Lane, chars: number, work: () => Promise<void>): boolean
}

export interface RequestLines {
  /** All connections of a relay share the room that is for all of them. */
  lineOfConnection: () => RequestLine
  /** Resolves when none waits and none is in hand. */
  allEnded: () => Promise<void>
}

export function createRequestLines(): RequestLines {
  let charsOfAll = 0
  let requestsOfAll = 0
  let tellEnded: (() => void)[] = []

  function endOne(): void {
    requestsOfAll -= 1
    if (requestsOfAll > 0) return
    for (const tell of tellEnded) tell()
    tellEnded = []
  }

  const lineOfConnection = (): RequestLine => {
    const last: Record<Lane, Promise<void>> = { pushes: Promise.resolve(), reads: Promise.resolve() }
    let requests = 0
    let charsHere = 0
    return {
      enter(lane, chars, work) {
        const isFull =
          requests >= MAX_WAITING_REQUESTS ||
          charsHere + chars > MAX_WAITING_REQUEST_CHARS ||
          charsOfAll + chars > MAX_WAITING_REQUEST_CHARS_OF_ALL
        if (isFull) return false
        requests += 1
        requestsOfAll += 1
        charsHere += chars
        charsOfAll += chars
        const leave = (): void => {
          requests -= 1
          charsHere -= chars
          charsOfAll -= chars
          endOne()
        }
        last[lane] = last[lane].then(work).then(leave, leave)
        return true
      }
    }
  }

  return {
    lineOfConnection,
    async allEnded() {
      if (requestsOfAll > 0) await new Promise<void>((resolve) => tellEnded.push(resolve))
    }
  }
}
