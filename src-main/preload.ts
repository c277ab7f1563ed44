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
function onTidings(channel: Tidings, callback: () => void): () => void {
  const listen = (): void => callback()
  ipcRenderer.on(channel, listen)
  return () => {
    ipcRenderer.removeListener(channel, listen)
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
  onResume: (callback) => onTidings('desktop:resumed', callback),
  takeLink: async () => ask('desktop:take-link'),
  onLink: (callback) => onTidings('desktop:link-opened', callback)
}

contextBridge.exposeInMainWorld('maruDesktop', bridge)
