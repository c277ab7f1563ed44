// The names and types of everything that passes between the page and the main process. Main and preload share it.
import type {
  DesktopFacts,
  MachineUse,
  SecretKept,
  ShellSettings,
  ShellSettingsPart,
  UnreachableReason
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
  'settings:load': { args: []; answer: Awaited<ReturnType<ShellSettingsPart['load']>> }
  'settings:change': { args: [patch: Partial<ShellSettings>]; answer: ShellSettings }
  'machine:use': { args: []; answer: MachineUse }
}

/** What the main process tells the page, and what each of it carries. */
export interface Tidings {
  'desktop:resumed': []
  'desktop:link-opened': []
  'machine:use': [use: MachineUse]
}
