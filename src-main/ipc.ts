// The door for the page's questions: who may ask, and whether what was asked has the right shape. Behind it, types are true.
import { ipcMain } from 'electron'
import type { IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import { fingerprintSchema } from '../protocol/lan.ts'
import type { Questions } from './channels.ts'
import { isAppLink } from './deep-links.ts'
import { hostOptionsArgument } from './host-choice.ts'
import { noticeSchema, tagSchema } from './notice-schema.ts'
import { isOwnUrl } from './own-origin.ts'
import { settingsPatchSchema } from './settings.ts'

/** Far more than a session needs. */
const MAX_SECRET_CHARS = 65_536

/** As long as browsers let an address be. */
const MAX_URL_CHARS = 2_048

const nothing = z.tuple([])
const webAddressSchema = z.string().max(MAX_URL_CHARS).refine(isWebAddress)
const countSchema = z.number().int().nonnegative()
const argumentsOf: { readonly [C in keyof Questions]: z.ZodType<Questions[C]['args']> } = {
  'desktop:facts': nothing,
  'desktop:take-link': nothing,
  'secret:load': nothing,
  'secret:save': z.tuple([z.string().max(MAX_SECRET_CHARS)]),
  'secret:forget': nothing,
  'secret:kept': nothing,
  'relay:why-unreachable': z.tuple([webAddressSchema]),
  'certificate:pin': z.tuple([webAddressSchema, fingerprintSchema]),
  'certificate:pinned': z.tuple([webAddressSchema]),
  'certificate:unpin': z.tuple([webAddressSchema, z.string().max(MAX_URL_CHARS).refine(isAppLink).nullable()]),
  'host:state': nothing,
  'host:addresses': nothing,
  'host:chosen': nothing,
  'host:start': z.tuple([hostOptionsArgument]),
  'host:stop': nothing,
  'host:backup': nothing,
  'relays:found': nothing,
  'settings:load': nothing,
  'settings:change': z.tuple([settingsPatchSchema]),
  'machine:use': nothing,
  'notice:show': z.tuple([noticeSchema]),
  'notice:withdraw': z.tuple([tagSchema]),
  'notice:shown': nothing,
  'notice:badge': z.tuple([countSchema]),
  'notice:take-opened': nothing,
  'notice:replies': nothing,
  'notice:reply-kept': z.tuple([z.uuid()]),
  'tray:show-dnd': z.tuple([z.boolean().nullable()]),
  'tray:take-dnd': nothing,
  'desktop:flushed': nothing,
  'updates:state': nothing,
  'updates:look': nothing,
  'updates:download': nothing,
  'updates:install': nothing,
  'updates:postpone': nothing
}

export type Answers = {
  readonly [C in keyof Questions]: (...args: Questions[C]['args']) => Promise<Questions[C]['answer']>
}

/** A question of anybody but our own page's main frame, or of a wrong shape, is rejected before `answers` sees it. */
export function answerQuestions(answers: Answers): void {
  for (const channel of Object.keys(argumentsOf) as (keyof Questions)[]) open(channel, answers[channel])
}

function open<C extends keyof Questions>(channel: C, reply: Answers[C]): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]) => {
    if (!isOurPage(event)) throw new Error(`${channel} may only be asked by the app's own page`)
    const parsed = argumentsOf[channel].safeParse(args)
    // The problem is not told in detail: what was sent may be a secret, and this ends up in logs.
    if (!parsed.success) throw new Error(`${channel} was asked in a wrong shape`)
    return (reply as (...args: Questions[C]['args']) => Promise<Questions[C]['answer']>)(...parsed.data)
  })
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/** `senderFrame` is null once the frame has gone elsewhere. */
function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnUrl(senderFrame.url)
}
