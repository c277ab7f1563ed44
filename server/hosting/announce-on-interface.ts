// One relay on one network: asks whether its name is free, announces it, answers who asks, takes it back. Sends multicast only, never to a single address.
import makeMdns from 'multicast-dns'
import type { LanText } from '../../protocol/lan.ts'
import type { Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import { isAsked, recordsOf, serviceLabel, tellsOfAnother, tellsOfItself } from './lan-records.ts'
import type { LanRecords } from './lan-records.ts'

/** RFC 6762, 8.1: three questions, then the name counts as free. */
const PROBES = 3
const PROBE_MS = 250
/** 8.3: once more, in case the first was lost. */
const REPEAT_MS = 1_000
/** 6: the same records are not sent more often than once a second. */
const MIN_ANSWER_MS = 1_000
/** 6: who answers for something shared lets others speak first. */
const ANSWER_DELAY_MS = 20
/** A name that is taken again and again is somebody's game. */
const MAX_NAMES = 3

export interface OneAnnouncement {
  name: string
  port: number
  text: LanText
  timer: Timer
  log: Log
  mdnsPort: number
}

export interface InterfaceAnnouncement {
  announced(): boolean
  /** Resolves when it is taken back, as far as that was possible. */
  stop(): Promise<void>
}

/** @param address of the interface, IPv4 */
export function announceOn(address: string, options: OneAnnouncement): InterfaceAnnouncement {
  const { name, port, text, timer, log } = options
  // Bound to all addresses: one that is bound to an address hears no multicast on most systems. `interface` is where it sends and what it joins.
  const mdns = makeMdns({ interface: address, bind: '0.0.0.0', port: options.mdnsPort, ttl: 255, loopback: true })
  let attempt = 0
  let records = recordsFor(0)
  let state: 'probing' | 'announced' | 'stopped' = 'probing'
  let works = true
  let answeredRecently = false
  let askedMeanwhile = false
  const cancels = new Set<() => void>()

  function recordsFor(number: number): LanRecords {
    return recordsOf({
      label: serviceLabel(name, number === 0 ? '' : text.id.slice(0, number * 4)),
      address,
      port,
      text
    })
  }
  function after(ms: number, run: () => void): void {
    const cancel = timer(ms, () => {
      cancels.delete(cancel)
      run()
    })
    cancels.add(cancel)
  }
  function failed(error: unknown): void {
    if (works) log.warn('a network cannot be told of the relay', { error })
    works = false
  }
  const sent = (error: Error | null | undefined): void => {
    if (error) failed(error)
    else works = true
  }

  function probe(left: number): void {
    if (left === 0) {
      state = 'announced'
      tell()
      return after(REPEAT_MS, tell)
    }
    mdns.query({ questions: [{ name: records.instance, type: 'SRV' }], authorities: [records.service] }, sent)
    after(PROBE_MS, () => probe(left - 1))
  }
  function tell(): void {
    answeredRecently = true
    mdns.respond({ answers: records.all }, sent)
    after(MIN_ANSWER_MS, () => {
      answeredRecently = false
      if (askedMeanwhile) answer()
    })
  }
  function answer(): void {
    askedMeanwhile = answeredRecently
    if (!askedMeanwhile) tell()
  }

  mdns.on('error', failed)
  mdns.on('warning', (error) => log.debug('mDNS', { error }))
  mdns.on('query', ({ questions, authorities }) => {
    // Whether its name is free it asks itself too, on another network of the same machine for example.
    if (state !== 'announced' || tellsOfItself(authorities ?? [], records)) return
    if (!questions?.some((question) => isAsked(question, records))) return
    after(ANSWER_DELAY_MS, answer)
  })
  mdns.on('response', ({ answers, additionals }) => {
    const others = [...(answers ?? []), ...(additionals ?? [])]
    if (state === 'stopped' || attempt >= MAX_NAMES || !tellsOfAnother(others, records)) return
    attempt += 1
    records = recordsFor(attempt)
    log.info('another relay of this name is on the network: a suffix tells them apart')
    for (const cancel of cancels) cancel()
    cancels.clear()
    answeredRecently = false
    state = 'probing'
    probe(PROBES)
  })
  mdns.on('ready', () => {
    if (state === 'probing') probe(PROBES)
  })

  return {
    announced: () => works && state === 'announced',
    async stop() {
      const before = state
      state = 'stopped'
      for (const cancel of cancels) cancel()
      cancels.clear()
      if (before === 'announced')
        await new Promise<void>((resolve) => mdns.respond({ answers: records.goodbye }, () => resolve()))
      await new Promise<void>((resolve) => mdns.destroy(() => resolve()))
    }
  }
}
