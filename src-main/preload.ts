// Gives the page its bridge. Runs sandboxed, between the two: passes on what channels.ts lists, and nothing of Electron.
import { contextBridge, ipcRenderer } from 'electron'
import type { DesktopBridge, FoundRelay, NoticePlace } from '../src-renderer/platform/bridge.ts'
import type { Questions, Tidings } from './channels.ts'

async function ask<C extends keyof Questions>(
  channel: C,
  ...args: Questions[C]['args']
): Promise<Questions[C]['answer']> {
  return ipcRenderer.invoke(channel, ...args) as Promise<Questions[C]['answer']>
}

/** The page's callback never sees Electron's event: its `sender` would be the whole of ipcRenderer. */
function onTidings<C extends keyof Tidings>(channel: C, callback: (...data: Tidings[C]) => void): () => void {
  const listen = (_event: unknown, ...data: unknown[]): void => callback(...(data as Tidings[C]))
  ipcRenderer.on(channel, listen)
  return () => {
    ipcRenderer.removeListener(channel, listen)
  }
}

/** What can be asked and is told of too: how it is now, soon, and then every change. An answer that a change has overtaken is passed over. */
function follow<C extends keyof Questions & keyof Tidings>(
  channel: C,
  callback: (state: Tidings[C][0]) => void
): () => void {
  let told = false
  const stop = onTidings(channel, (...[state]) => {
    told = true
    callback(state)
  })
  const askOnce = async (): Promise<void> => {
    const state = await ask(channel, ...([] as unknown as Questions[C]['args']))
    if (!told) callback(state)
  }
  void askOnce()
  return () => {
    told = true
    stop()
  }
}

/** Takes what waits in the shell: now, and whenever there is something new. */
function takeUp(channel: 'notice:opened' | 'notice:replied' | 'tray:dnd', take: () => Promise<void>): () => void {
  const stop = onTidings(channel, () => void take())
  void take()
  return stop
}

/** Each reply once to this page. One that was not kept stays with the shell, for the next page or the next time. */
function takingReplies(reply: (place: NoticePlace, text: string, id: string) => Promise<void>): () => Promise<void> {
  const taken = new Set<string>()
  return async () => {
    for (const { id, place, text } of await ask('notice:replies')) {
      if (taken.has(id)) continue
      taken.add(id)
      void reply(place, text, id).then(
        async () => ask('notice:reply-kept', id),
        () => taken.delete(id)
      )
    }
  }
}

/** The shell looks for as long as it is asked. A page that goes elsewhere, or crashes, asks no more. */
const LOOK_EVERY_MS = 2_000

function onFound(callback: (found: readonly FoundRelay[]) => void): () => void {
  let wanted = true
  let last = ''
  const look = async (): Promise<void> => {
    const found = await ask('relays:found')
    const now = JSON.stringify(found)
    if (!wanted || now === last) return
    last = now
    callback(found)
  }
  void look()
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return () => {
    wanted = false
    clearInterval(timer)
  }
}

/** What is to be on the disk before the app ends. */
const flushes = new Set<() => Promise<void>>()
onTidings('desktop:quitting', () => {
  // Where one fails there is nothing more to wait for.
  void Promise.allSettled([...flushes].map(async (flush) => flush())).then(async () => ask('desktop:flushed'))
})

const bridge: DesktopBridge = {
  facts: async () => ask('desktop:facts'),
  secret: {
    load: async () => ask('secret:load'),
    save: async (text) => ask('secret:save', text),
    forget: async () => ask('secret:forget'),
    kept: async () => ask('secret:kept')
  },
  whyUnreachable: async (url) => ask('relay:why-unreachable', url),
  onResume: (callback) => onTidings('desktop:resumed', () => callback()),
  pin: async (url, fingerprint) => ask('certificate:pin', url, fingerprint),
  pinned: async (url) => ask('certificate:pinned', url),
  unpin: async (url, link) => ask('certificate:unpin', url, link),
  host: {
    onState: (callback) => follow('host:state', callback),
    addresses: async () => ask('host:addresses'),
    chosen: async () => ask('host:chosen'),
    start: async ({ address, port, name }) => ask('host:start', { address, port, name }),
    stop: async () => ask('host:stop'),
    backup: async () => ask('host:backup')
  },
  findRelays: onFound,
  takeLink: async () => ask('desktop:take-link'),
  onLink: (callback) => onTidings('desktop:link-opened', () => callback()),
  settings: {
    load: async () => ask('settings:load'),
    change: async (patch) => ask('settings:change', patch)
  },
  onIdle: (callback) => follow('machine:use', callback),
  updates: {
    onState: (callback) => follow('updates:state', callback),
    look: async () => ask('updates:look'),
    download: async () => ask('updates:download'),
    install: async () => ask('updates:install'),
    postpone: async () => ask('updates:postpone')
  },
  notifications: {
    show: async (notice) => ask('notice:show', notice),
    withdraw: async (tag) => ask('notice:withdraw', tag),
    shown: async () => ask('notice:shown'),
    badge: async (count) => ask('notice:badge', count),
    onOpen: (open) =>
      takeUp('notice:opened', async () => {
        const opened = await ask('notice:take-opened')
        if (opened !== null) open(opened.place)
      }),
    onReply: (reply) => takeUp('notice:replied', takingReplies(reply))
  },
  tray: {
    showDnd: async (on) => ask('tray:show-dnd', on),
    onDnd: (change) =>
      takeUp('tray:dnd', async () => {
        const wanted = await ask('tray:take-dnd')
        if (wanted !== null) change(wanted)
      })
  },
  onQuit: (flush) => {
    const own = async (): Promise<void> => flush()
    flushes.add(own)
    return () => {
      flushes.delete(own)
    }
  }
}

contextBridge.exposeInMainWorld('maruDesktop', bridge)
