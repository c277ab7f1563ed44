// Gives the page its bridge. Runs sandboxed, between the two: passes on what channels.ts lists, and nothing of Electron.
import { contextBridge, ipcRenderer } from 'electron'
import type { DesktopBridge } from '../src-renderer/platform/bridge.ts'
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
  takeLink: async () => ask('desktop:take-link'),
  onLink: (callback) => onTidings('desktop:link-opened', () => callback()),
  settings: {
    load: async () => ask('settings:load'),
    change: async (patch) => ask('settings:change', patch)
  },
  onIdle: (callback) => follow('machine:use', callback)
}

contextBridge.exposeInMainWorld('maruDesktop', bridge)
