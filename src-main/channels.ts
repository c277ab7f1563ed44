// The names and types of everything that passes between the page and the main process. Main and preload share it.
import type {
  DesktopFacts,
  FoundRelay,
  HostAddress,
  HostState,
  MachineUse,
  Notice,
  NoticePlace,
  SecretKept,
  ShellSettings,
  ShellSettingsPart,
  UnreachableReason,
  UpdateState
} from '../src-renderer/platform/bridge.ts'

/** What the page asks: the arguments and the answer of each channel. */
export interface Questions {
  'desktop:facts': { args: []; answer: DesktopFacts }
  'secret:load': { args: []; answer: string | null }
  'secret:save': { args: [text: string]; answer: SecretKept }
  'secret:forget': { args: []; answer: void }
  'secret:kept': { args: []; answer: SecretKept }
  'desktop:take-link': { args: []; answer: string | null }
  'relay:why-unreachable': { args: [url: string]; answer: UnreachableReason }
  'certificate:pin': { args: [url: string, fingerprint: string]; answer: void }
  'certificate:pinned': { args: [url: string]; answer: string | null }
  'certificate:unpin': { args: [url: string, link: string | null]; answer: void }
  'host:state': { args: []; answer: HostState }
  'host:addresses': { args: []; answer: readonly HostAddress[] }
  'host:chosen': { args: []; answer: { address: string; port: number; name: string } | null }
  'host:start': { args: [wish: { address: string; port: number; name: string }]; answer: void }
  'host:stop': { args: []; answer: void }
  'host:backup': { args: []; answer: { folder: string; messages: number } | null }
  /** Looking goes on for as long as it is asked again and again. */
  'relays:found': { args: []; answer: readonly FoundRelay[] }
  'settings:load': { args: []; answer: Awaited<ReturnType<ShellSettingsPart['load']>> }
  'settings:change': { args: [patch: Partial<ShellSettings>]; answer: ShellSettings }
  'machine:use': { args: []; answer: MachineUse }
  'notice:show': { args: [notice: Notice]; answer: void }
  'notice:withdraw': { args: [tag: string]; answer: void }
  'notice:shown': { args: []; answer: readonly Notice[] }
  'notice:badge': { args: [count: number]; answer: void }
  /** Each click once. */
  'notice:take-opened': { args: []; answer: { place: NoticePlace | null } | null }
  /** Those whose id was not told to `notice:reply-kept`. */
  'notice:replies': { args: []; answer: readonly { id: string; place: NoticePlace; text: string }[] }
  'notice:reply-kept': { args: [id: string]; answer: void }
  'tray:show-dnd': { args: [on: boolean | null]; answer: void }
  /** What was switched in the tray and not taken yet; null for nothing. */
  'tray:take-dnd': { args: []; answer: boolean | null }
  'desktop:flushed': { args: []; answer: void }
  'updates:state': { args: []; answer: UpdateState }
  'updates:look': { args: []; answer: void }
  'updates:download': { args: []; answer: void }
  'updates:install': { args: []; answer: void }
  'updates:postpone': { args: []; answer: void }
}

/** What the main process tells the page, and what each of it carries. */
export interface Tidings {
  'desktop:resumed': []
  'desktop:link-opened': []
  'host:state': [state: HostState]
  'machine:use': [use: MachineUse]
  'notice:opened': []
  'notice:replied': []
  'tray:dnd': []
  'desktop:quitting': []
  'updates:state': [state: UpdateState]
}
