// The names and types of everything that passes between the page and the main process. Main and preload share it.
import type { DesktopFacts, SecretKept, UnreachableReason } from '../src-renderer/platform/bridge.ts'

/** What the page asks: the arguments and the answer of each channel. */
export interface Questions {
  'desktop:facts': { args: []; answer: DesktopFacts }
  'secret:load': { args: []; answer: string | null }
  'secret:save': { args: [text: string]; answer: SecretKept }
  'secret:forget': { args: []; answer: void }
  'secret:kept': { args: []; answer: SecretKept }
  'desktop:take-link': { args: []; answer: string | null }
  'relay:why-unreachable': { args: [url: string]; answer: UnreachableReason }
}

/** What the main process tells the page; none of it carries data. */
export type Tidings = 'desktop:resumed' | 'desktop:link-opened'
