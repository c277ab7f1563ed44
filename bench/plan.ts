// What the benchmark's processes say to each other. Plain data: it is copied between processes.

/** One person's device in a room of the benchmark. */
export interface Seat {
  userId: string
  deviceId: string
  token: string
}

/** What a generator process is to do. */
export interface LoadPlan {
  /** `relay`: Maru. `raw`: the baseline, `ws` alone. */
  target: 'relay' | 'raw'
  port: number
  roomId: string
  seats: Seat[]
  /** The first one's number among the senders of all processes. */
  firstNumber: number
  /** Every how-many-th client parses and verifies all that it gets; the others count. */
  verifyEvery: number
  /** Messages of this process that may be under way at once. */
  window: number
  /** Operations of one push (a raw message is always one). */
  perPush: number
  bodyChars: number
}

/** Counters of a generator process, since its start. */
export interface Sample {
  /** Microseconds of the machine's monotonic clock. */
  at: number
  /** Records that arrived, over all clients. */
  deliveries: number
  /** Bytes of the frames they arrived in. */
  bytes: number
  frames: number
  /** Messages that were acknowledged (raw: that came back to their sender). */
  accepted: number
}

/** What a generator process found in the end. */
export interface Outcome {
  /** Counts of delivery latencies, see histogram.ts; those of verifying clients since the last `reset`. */
  deliveryMs: Uint32Array
  ackMs: Uint32Array
  /** What verification found wrong, and connections that were lost; at most a few of each. */
  faults: string[]
  verified: number
  /** Per client, records that arrived. */
  perClient: number[]
  /** Per sender, messages that were accepted. */
  sent: number
  recordBytes: number
}

export type ToWorker =
  | { type: 'plan'; plan: LoadPlan }
  | { type: 'go' }
  | { type: 'pause' }
  | { type: 'sample' }
  | { type: 'reset' }
  | { type: 'finish' }
export type FromWorker =
  | { type: 'ready' }
  | { type: 'paused' }
  | { type: 'sample'; sample: Sample }
  | { type: 'reset' }
  | { type: 'finished'; outcome: Outcome }
