// The service worker's entry, built into /sw.js with the list of the build's files (vite.web.config.ts). Only joins the browser's events to the
// precache; takes over only when a page that has just started asks for it and no other window is open.
import { createPrecache } from './precache.ts'
import type { Route } from './precache.ts'
import type { BuiltFile } from './built-file.ts'
import { report } from '../report.ts'
import { openNotice } from './notice-click.ts'
import type { AppWindow } from './notice-click.ts'
import { TAKE_OVER } from './take-over.ts'

declare const __BUILT_FILES__: readonly BuiltFile[]
declare const __BUILD_VERSION__: string

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface InstallEvent extends WorkerEvent {
  /** Not every browser has it. */
  addRoutes?(routes: readonly Route[]): Promise<void>
}

interface FetchEvent extends WorkerEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

interface NoticeEvent extends WorkerEvent {
  readonly notification: { readonly data: unknown; close(): void }
}

interface WorkerMessage extends WorkerEvent {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

/** What is used of ServiceWorkerGlobalScope, which TypeScript has only where there is no DOM. */
interface WorkerScope {
  readonly registration: { readonly scope: string }
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly AppWindow[]>
    openWindow(url: string): Promise<unknown>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install', listener: (event: InstallEvent) => void): void
  addEventListener(type: 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: WorkerMessage) => void): void
  addEventListener(type: 'notificationclick', listener: (event: NoticeEvent) => void): void
}

const worker = globalThis as unknown as WorkerScope
const precache = createPrecache({
  files: __BUILT_FILES__,
  version: __BUILD_VERSION__,
  base: worker.registration.scope,
  caches,
  fetch: async (...args) => fetch(...args)
})

worker.addEventListener('install', (event) => {
  event.waitUntil(precache.fill())
  // Without them the worker answers everything itself.
  event.addRoutes?.(precache.routes()).catch(report)
})

worker.addEventListener('activate', (event) => event.waitUntil(precache.dropOthers()))

worker.addEventListener('fetch', (event) => {
  const answer = precache.answer(event.request)
  if (answer) event.respondWith(answer)
})

worker.addEventListener('message', (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(takeOverIfAlone((taking) => event.ports[0]?.postMessage(taking)))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(followNotice(event.notification.data))
})

async function followNotice(data: unknown): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  await openNotice(data, windows, async (hash) => worker.clients.openWindow(`${worker.registration.scope}${hash}`))
}

/** A second window may run the old version, and goes on with it. */
async function takeOverIfAlone(tell: (taking: boolean) => void): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const taking = windows.length <= 1
  tell(taking)
  if (taking) await worker.skipWaiting()
}
