// What the screens' tests stand on: services in memory that a test sets and asks, and a render in one language.
import { render } from '@testing-library/react'
import type { RenderResult } from '@testing-library/react'
import type { ReactNode } from 'react'
import { BehaviorSubject, map, of } from 'rxjs'
import type { ObservedValueOf } from 'rxjs'
import { vi } from 'vitest'
import type { RelayAnswer } from '../../protocol/rest.ts'
import type { PersonPresence } from '../../protocol/live.ts'
import type { UserRecord } from '../../protocol/records.ts'
import type { OwnTyping } from '../live/live.ts'
import type { TypingNow } from '../live/typing-in.ts'
import { PreferencesProvider } from '../platform/preferences-context.tsx'
import { ServicesProvider } from '../services-context.tsx'
import { rightsIn } from '../../protocol/permissions.ts'
import type { Accounts, Services } from '../services.ts'
import type {
  ChatCommands,
  ChatQueries,
  EditDraft,
  OutboxItem,
  Person,
  Preferences,
  PinnedMessage,
  RoomDetails,
  RoomMember,
  RoomSummary,
  Timeline,
  TimelineItem
} from '../store/chat-store.ts'
import type { ReadNumbers } from '../store/read-numbers.ts'
import { en } from '../texts/en.ts'
import { TextsProvider } from '../texts/texts-context.tsx'
import type { Texts } from '../texts/texts.ts'

export const ME = 'user-me'
export const ROOM = 'room-1'

export function userRecord(id: string, displayName: string): UserRecord {
  return { type: 'user', rev: 1, id, username: id, displayName, role: 'member', createdAt: '2026-01-01T00:00:00.000Z' }
}

export function timelineItem(more: Partial<TimelineItem> = {}): TimelineItem {
  const at = '2026-02-10T06:05:00.000Z'
  return {
    id: 'message-1',
    roomId: ROOM,
    seq: 1,
    kind: 'text',
    authorId: 'user-jiwoo',
    own: false,
    body: 'hello',
    sentAt: at,
    acceptedAt: at,
    ...more
  }
}

export function roomSummary(more: Partial<RoomSummary> = {}): RoomSummary {
  return {
    id: ROOM,
    name: 'Family',
    renaming: false,
    kind: 'group',
    closedAt: null,
    role: 'owner',
    may: rightsIn({ kind: 'group' }, 'owner'),
    room: null,
    joined: true,
    activityAt: '2026-02-10T06:05:00.000Z',
    waiting: 0,
    refused: 0,
    draft: '',
    unread: 0,
    mentions: 0,
    readSeq: 0,
    unreadFrom: null,
    pinned: false,
    mutedUntil: null,
    ...more
  }
}

export function roomDetails(more: Partial<RoomDetails> = {}): RoomDetails {
  return {
    ...roomSummary(),
    hidden: false,
    blocked: false,
    pins: [],
    createdBy: ME,
    createdAt: '2026-02-10T06:05:00.000Z',
    members: [],
    bannedIds: [],
    ...more
  }
}

export function outboxItem(more: Partial<OutboxItem> = {}): OutboxItem {
  return {
    id: 'entry-1',
    createdAt: '2026-02-10T06:05:00.000Z',
    operation: {
      type: 'message.send',
      roomId: ROOM,
      messageId: 'message-1',
      body: 'see you at six',
      sentAt: '2026-02-10T06:05:00.000Z'
    },
    state: 'waiting',
    roomId: ROOM,
    roomName: 'Family',
    cancel: 'remove',
    retry: false,
    discard: true,
    dependants: [],
    ...more
  }
}

/** Services whose observables a test sets by `next`, and whose commands are mocks that succeed. */
export function fakeServices() {
  const rooms = new BehaviorSubject<readonly RoomSummary[]>([roomSummary()])
  const timeline = new BehaviorSubject<Timeline>({ items: [], fromSeq: 0, headSeq: 0, complete: true })
  const users = new BehaviorSubject<ReadonlyMap<string, UserRecord>>(
    new Map([userRecord(ME, 'Minjun'), userRecord('user-jiwoo', 'Jiwoo')].map((user) => [user.id, user]))
  )
  const outbox = new BehaviorSubject<readonly OutboxItem[]>([])
  const members = new BehaviorSubject<readonly RoomMember[]>([])
  const details = new BehaviorSubject<RoomDetails | null>(roomDetails())
  const people = new BehaviorSubject<readonly Person[]>([])
  const own = new BehaviorSubject<Preferences>({ availability: 'auto' })
  const readNumbers = new BehaviorSubject<ReadNumbers | null>(null)
  const blocked = new BehaviorSubject<ReadonlySet<string>>(new Set())
  const status = new BehaviorSubject<ObservedValueOf<Services['status']>>({ name: 'connected' })
  const history = new BehaviorSubject({ held: 0, total: 0, paused: false })
  const storage = new BehaviorSubject<'ok' | 'full'>('ok')
  const typing = new BehaviorSubject<TypingNow | null>(null)
  const presence = new BehaviorSubject<ReadonlyMap<string, PersonPresence>>(new Map())
  const drafts = new Map<string, string>()
  const edits = new Map<string, EditDraft>()
  const commands = {
    createRoom: vi.fn<ChatCommands['createRoom']>(async () => ROOM),
    openDirect: vi.fn<ChatCommands['openDirect']>(async () => ROOM),
    openNotes: vi.fn<ChatCommands['openNotes']>(async () => ROOM),
    renameRoom: vi.fn<ChatCommands['renameRoom']>(async () => undefined),
    changeRoom: vi.fn<ChatCommands['changeRoom']>(async () => undefined),
    closeRoom: vi.fn<ChatCommands['closeRoom']>(async () => undefined),
    setBan: vi.fn<ChatCommands['setBan']>(async () => undefined),
    setRole: vi.fn<ChatCommands['setRole']>(async () => undefined),
    setReceipts: vi.fn<ChatCommands['setReceipts']>(async () => undefined),
    setAvailability: vi.fn<ChatCommands['setAvailability']>(async (availability) => own.next({ availability })),
    setBlock: vi.fn<ChatCommands['setBlock']>(async () => undefined),
    sendMessages: vi.fn<ChatCommands['sendMessages']>(async () => 'message-new'),
    removeMember: vi.fn<ChatCommands['removeMember']>(async () => undefined),
    joinRoom: vi.fn<ChatCommands['joinRoom']>(async () => undefined),
    editMessage: vi.fn<ChatCommands['editMessage']>(async () => undefined),
    deleteMessage: vi.fn<ChatCommands['deleteMessage']>(async () => undefined),
    setMessagePin: vi.fn<ChatCommands['setMessagePin']>(async () => undefined),
    setReaction: vi.fn<ChatCommands['setReaction']>(async () => undefined),
    markRead: vi.fn<ChatCommands['markRead']>(async () => undefined),
    markUnread: vi.fn<ChatCommands['markUnread']>(async () => undefined),
    setMuted: vi.fn<ChatCommands['setMuted']>(async () => undefined),
    setPinned: vi.fn<ChatCommands['setPinned']>(async () => undefined),
    changeProfile: vi.fn<ChatCommands['changeProfile']>(async () => undefined),
    cancel: vi.fn<ChatCommands['cancel']>(async () => 'removed'),
    saveScroll: vi.fn<ChatCommands['saveScroll']>(async () => undefined),
    saveEdit: vi.fn<ChatCommands['saveEdit']>(async (roomId, edit) => {
      if (edit) edits.set(roomId, edit)
      else edits.delete(roomId)
    }),
    addMembers: vi.fn<ChatCommands['addMembers']>(async () => undefined),
    leaveRoom: vi.fn<ChatCommands['leaveRoom']>(async () => undefined),
    sendMessage: vi.fn<ChatCommands['sendMessage']>(async () => 'message-new'),
    retry: vi.fn<ChatCommands['retry']>(async () => undefined),
    discard: vi.fn<ChatCommands['discard']>(async () => true),
    saveDraft: vi.fn<ChatCommands['saveDraft']>(async (roomId, text) => {
      drafts.set(roomId, text)
    })
  }
  const pins = new BehaviorSubject<readonly PinnedMessage[]>([])
  const queries: ChatQueries = {
    watchRooms: () => rooms,
    watchRoomDetails: () => details,
    watchPeople: () => people,
    watchBlocked: () => blocked,
    watchPreferences: () => own,
    watchTimeline: () => timeline,
    watchHeld: () =>
      timeline.pipe(
        map(({ fromSeq, headSeq }) => ({ ranges: headSeq > 0 ? [[fromSeq, headSeq] as const] : [], headSeq }))
      ),
    watchAsideRooms: () => new BehaviorSubject(new Map()),
    watchMembers: () => members,
    watchReads: () => new BehaviorSubject(new Map()),
    watchReadNumbers: () => readNumbers,
    watchStorage: () => storage,
    loadScroll: async () => null,
    loadEdit: async (roomId) => edits.get(roomId) ?? null,
    watchUsers: () => users,
    watchPins: () => pins,
    watchOutbox: () => outbox,
    loadDraft: async (roomId) => drafts.get(roomId) ?? ''
  }
  const services = {
    me: { userId: ME, username: 'minjun', displayName: 'Minjun', isOwner: true },
    relayUrl: 'http://relay.example',
    store: { queries, commands },
    status,
    connectNow: vi.fn<Services['connectNow']>(),
    history,
    pauseHistory: vi.fn<Services['pauseHistory']>(),
    openRoom: vi.fn<Services['openRoom']>(),
    showsEnd: vi.fn<Services['showsEnd']>(),
    loadOlder: vi.fn<Services['loadOlder']>(async () => true),
    account: fakeAccount(),
    invites: fakeInvites(),
    findOpenRooms: vi.fn<Services['findOpenRooms']>(async () => ({ rooms: [], next: null })),
    findEdits: vi.fn<Services['findEdits']>(async () => []),
    administration: fakeAdministration(),
    live: {
      watchTyping: () => typing,
      watchPresence: (userId: string) => presence.pipe(map((people) => people.get(userId))),
      ownTyping: { keyed: vi.fn<OwnTyping['keyed']>(), ended: vi.fn<OwnTyping['ended']>() }
    },
    pictures: { held: () => undefined, watch: () => of(undefined) },
    exportAll: vi.fn<Services['exportAll']>(async () => new Blob(['{}'])),
    sessionKept: vi.fn<Services['sessionKept']>(async () => null),
    signInAgain: vi.fn<Services['signInAgain']>(),
    signOut: vi.fn<Services['signOut']>(async () => undefined)
  } satisfies Services
  return {
    services,
    commands,
    rooms,
    timeline,
    users,
    members,
    details,
    people,
    blocked,
    outbox,
    status,
    history,
    storage,
    typing,
    presence,
    readNumbers,
    drafts,
    pins,
    edits
  }
}

export function fakeAccount() {
  return {
    sessions: vi.fn<Services['account']['sessions']>(async () => []),
    endSession: vi.fn<Services['account']['endSession']>(async () => undefined),
    endOtherSessions: vi.fn<Services['account']['endOtherSessions']>(async () => undefined),
    changePassword: vi.fn<Services['account']['changePassword']>(async () => undefined),
    deleteAccount: vi.fn<Services['account']['deleteAccount']>(async () => undefined)
  } satisfies Services['account']
}

function fakeInvites() {
  return {
    make: vi.fn<Services['invites']['make']>(async ({ uses, roomIds }) => {
      const [createdAt, expiresAt] = ['2026-02-10T06:05:00.000Z', '2026-02-17T06:05:00.000Z']
      const invite = { id: 'invite-1', createdBy: ME, createdAt, expiresAt, uses, usesLeft: uses, roomIds }
      return { code: 'apple-river-stone-lamp-field-note', uses, expiresAt, invite }
    }),
    list: vi.fn<Services['invites']['list']>(async () => []),
    revoke: vi.fn<Services['invites']['revoke']>(async () => undefined),
    accept: vi.fn<Services['invites']['accept']>(async () => [])
  } satisfies Services['invites']
}

function fakeAdministration() {
  type Admin = Services['administration']
  return {
    overview: vi.fn<Admin['overview']>(async () => ({
      version: '1',
      protocol: 1,
      registration: 'invite',
      startedAt: '2026-02-10T06:05:00.000Z',
      epoch: 1,
      storage: { driver: 'lowdb', bytes: 1_000_000, users: 3, rooms: 2 },
      connections: { devices: 2, users: 2 },
      errors: []
    })),
    users: vi.fn<Admin['users']>(async () => ({ users: [], next: null })),
    changeUser: vi.fn<Admin['changeUser']>(async () => undefined),
    disconnect: vi.fn<Admin['disconnect']>(async () => undefined),
    resetPassword: vi.fn<Admin['resetPassword']>(async () => ({
      username: 'jisu',
      code: 'one-two-three',
      expiresAt: '2026-02-11T06:05:00.000Z'
    })),
    sessions: vi.fn<Admin['sessions']>(async () => []),
    endSession: vi.fn<Admin['endSession']>(async () => undefined),
    rooms: vi.fn<Admin['rooms']>(async () => ({ rooms: [], next: null })),
    closeRoom: vi.fn<Admin['closeRoom']>(async () => undefined),
    audit: vi.fn<Admin['audit']>(async () => ({ entries: [], olderCursor: null }))
  } satisfies Admin
}

export function relayAnswer(more: Partial<RelayAnswer> = {}): RelayAnswer {
  return { relay: { id: 'relay', version: '1' }, protocol: 1, registration: 'invite', hasOwner: true, ...more }
}

/** Accounts on the relay that served the page, or with `ownRelay` null on none yet. */
export function fakeAccounts(own: RelayAnswer | null = relayAnswer()) {
  return {
    ownRelay: own && { url: 'http://192.168.0.10:4100', info: own },
    relayInfo: vi.fn<Accounts['relayInfo']>(async () => own ?? relayAnswer()),
    signUp: vi.fn<Accounts['signUp']>(async () => undefined),
    signIn: vi.fn<Accounts['signIn']>(async () => undefined),
    setPassword: vi.fn<Accounts['setPassword']>(async () => undefined)
  } satisfies Accounts
}

/** Renders a part of the screen in a language, with services where it needs any. */
export function show(part: ReactNode, context: Context = {}): RenderResult {
  return render(inContext(part, context))
}

interface Context {
  services?: Services
  texts?: Texts
}

/** What `show` renders: for rendering again. */
export function inContext(part: ReactNode, { services, texts = en }: Context = {}) {
  return (
    <PreferencesProvider>
      <TextsProvider texts={texts}>
        {services ? <ServicesProvider services={services}>{part}</ServicesProvider> : part}
      </TextsProvider>
    </PreferencesProvider>
  )
}
