// The shape of a catalogue: every sentence that people see. A language that lacks one does not compile.
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Availability } from '../../protocol/live.ts'
import type { MemberRole } from '../../protocol/records.ts'
import type { AvatarColor } from '../../protocol/values.ts'
import type { DateWords } from './dates.ts'
import type { NoticeTexts } from './notice-texts.ts'
import type { LiveTexts } from './live-texts.ts'
import type { ReadingTexts } from './reading-texts.ts'
import type { RelayTexts } from './relay-texts.ts'
import type { RelaysTexts } from './relays-texts.ts'
import type { RoomTexts } from './room-texts.ts'
import type { ShellTexts } from './shell-texts.ts'
import type { UpdateTexts } from './update-texts.ts'

/** A person in a sentence. */
export interface Named {
  name: string
  self: boolean
}

/** As the data of emoji is ordered. */
export type EmojiGroup =
  'smileys' | 'people' | 'nature' | 'food' | 'travel' | 'activities' | 'objects' | 'symbols' | 'flags'

/** What there is a key for. */
export type ShortcutName =
  | 'switcher'
  | 'relay'
  | 'newRoom'
  | 'nextRoom'
  | 'nextUnread'
  | 'markRead'
  | 'settings'
  | 'sheet'
  | 'send'
  | 'lineBreak'
  | 'editLast'
  | 'mention'
  | 'emoji'
  | 'cancel'
  | 'messages'
  | 'message'
  | 'backToWriting'

/** What an error is said for: the codes of the protocol, and what happens before there is a relay to ask. */
export type ErrorWord =
  | ErrorCode
  | 'relay-unreachable'
  | 'not-a-relay'
  | 'name-not-found'
  | 'refused'
  | 'certificate'
  | 'certificate-changed'
  | 'restart-needed'
  | 'already-signed-in'
  | 'offline'

export interface Texts
  extends NoticeTexts, LiveTexts, ReadingTexts, RelayTexts, RelaysTexts, RoomTexts, ShellTexts, UpdateTexts {
  /** BCP 47, for `lang`, sorting and Intl. */
  locale: string
  productName: string
  tagline: string
  dates: DateWords

  close: string
  cancel: string
  back: string
  retry: string
  discard: string
  save: string
  you: string
  unknownPerson: string
  languageNames: { ko: string; en: string }
  /** A screen failed to draw. */
  brokenScreen: string
  brokenStart: string
  /** What is stored takes long to open. */
  slowStart: string
  storageBlocked: string
  reload: string

  /** Unsent messages and drafts cannot be read. */
  unreadable: {
    title: string
    text: string
    saveText: string
    save: string
    fileName: string
    /** @param texts how many are in the file */
    saved: (texts: number) => string
    failed: string
    startAnewText: string
    startAnew: string
  }

  errors: Record<ErrorWord, string>
  /** An error of a newer relay. */
  unknownError: (code: string) => string

  colors: Record<AvatarColor, string>

  firstRun: {
    step: (at: number, of: number) => string
    whoTitle: string
    whoText: string
    color: string
    next: string
    back: string
    relayTitle: string
    relayText: string
    roomTitle: string
    roomText: string
    skip: string
  }

  signIn: {
    title: string
    relayLine: (address: string) => string
    relay: string
    relayHint: string
    relayFound: string
    username: string
    usernameHint: string
    password: string
    newPasswordHint: (min: number) => string
    showPassword: string
    hidePassword: string
    displayName: string
    ownerCode: string
    ownerCodeHint: string
    inviteCode: string
    inviteCodeHint: string
    submit: string
    submitting: string
    createSubmit: string
    createSubmitting: string
    toCreate: string
    toSignIn: string
    registrationClosed: string
    missing: { relay: string; username: string; password: string; displayName: string; invite: string }
    badRelay: string
    badUsername: (min: number, max: number) => string
    badPassword: (min: number, max: number) => string
    badDisplayName: (max: number) => string
    wrongOwnerCode: string
  }

  rooms: {
    title: string
    newRoom: string
    none: string
    noneHint: string
    welcome: (name: string) => string
    noneMain: string
    makeFirst: string
    pick: string
    pickHint: string
    notFound: string
    invite: string
    signOut: string
    signOutTitle: string
    /** What stays here, and how many unsent things with it. */
    signOutText: (waiting: number) => string
    signOutWipe: string
    signOutLoses: (unsent: number) => string
    /** `lost`: with everything else of this device. */
    signOutDrafts: (count: number, lost: boolean) => string
    signOutAndDelete: string
    draft: string
    waitingMark: (count: number) => string
    refusedMark: (count: number) => string
    left: string
    pinned: string
    muted: string
    unread: (count: string) => string
    noMessages: string
    preview: (sender: Named, text: string) => string
  }

  settings: {
    open: string
    title: string
    theme: string
    language: string
    asSystem: string
    light: string
    dark: string
    account: (username: string, relay: string) => string
    onThisDevice: string
    textSize: string
    percent: (value: number) => string
    density: string
    comfortable: string
    compact: string
    contrast: string
    moreContrast: string
    enter: string
    enterSends: string
    enterBreaks: string
    noKeyring: string
    tokenInFile: string
  }

  newRoom: {
    title: string
    name: string
    namePlaceholder: string
    people: string
    search: string
    nobody: string
    nobodyFound: (text: string) => string
    chosen: (count: number) => string
    create: string
    missingName: string
    badName: (max: number) => string
  }

  room: {
    menu: string
    rename: string
    renaming: string
    pin: string
    unpin: string
    mute: string
    unmute: string
  }

  members: {
    count: (count: number) => string
    title: string
    owner: string
    add: string
    addChosen: (count: number) => string
    everyone: string
    leave: string
    leaveTitle: (room: string) => string
    leaveText: string
    remove: string
    removeTitle: (person: string) => string
    removeText: string
    adding: string
    removing: string
    notJoined: string
  }

  timeline: {
    label: (room: string) => string
    loadingOlder: string
    offlineOlder: string
    olderFailed: string
    tryAgain: string
    beginning: string
    empty: string
    newMessages: (count: number) => string
    toEnd: string
    deleted: string
    edited: string
    late: (span: string) => string
    waiting: string
    accepted: string
    refused: string
    unreadable: string
    opensInNewTab: string
    copyCode: string
    codeCopied: string
    showAll: string
    showLess: string
    copyLink: string
    pin: string
    unpin: string
    editHistory: string
    noEdits: string
    copyWords: string
    goToDay: string
    day: string
    go: string
    loadingPlace: string
    offlinePlace: string
    placeFailed: string
    placeMissing: string
    loadingNewer: string
    offlineNewer: string
    newerFailed: string
    tools: string
    react: string
    reactWith: (emoji: string) => string
    reply: string
    more: string
    copy: string
    edit: string
    delete: string
    deleteTitle: string
    deleteText: string
    markUnread: string
    unreadLine: string
    reactions: string
    reaction: (emoji: string, people: string) => string
    /** Who reacted: names, and how many more. */
    reactedBy: (names: readonly string[], more: number) => string
    quoteMissing: string
    /** As `quoteMissing`, on what leads to it. */
    quoteElsewhere: string
    showQuoted: (author: string) => string
    onlyHere: string
    editRefused: string
    deleteRefused: string
    announce: (name: string, text: string) => string
    announceMany: (count: number) => string
    message: (name: string, time: string) => string
    system: {
      roomCreated: (actor: Named, others: readonly Named[]) => string
      roomRenamed: (actor: Named, name: string) => string
      memberJoined: (who: Named) => string
      memberAdded: (actor: Named, others: readonly Named[]) => string
      memberLeft: (who: Named) => string
      memberRemoved: (actor: Named, others: readonly Named[]) => string
      memberBanned: (actor: Named, others: readonly Named[]) => string
      memberRoleSet: (actor: Named, others: readonly Named[], role: MemberRole) => string
      /** @param topic undefined: it was taken away */
      roomTopicSet: (actor: Named, topic: string | undefined) => string
      roomAvatarSet: (actor: Named) => string
      roomWritersSet: (actor: Named, onlyAdmins: boolean) => string
      messagePinned: (actor: Named) => string
      roomClosed: (actor: Named) => string
      unknown: string
    }
  }

  pins: {
    title: string
    all: (count: number) => string
    says: (name: string, text: string) => string
    /** The device does not hold it, or it is not for this person. */
    notHere: string
    unpinLabel: (words: string) => string
  }

  composer: {
    label: string
    placeholder: string
    send: string
    editing: string
    saveEdit: string
    cancelEdit: string
    replyingTo: (author: Named) => string
    cancelReply: string
    nearLimit: (left: number) => string
    overLimit: (over: number, max: number) => string
    /** Sends a text that is too long as so many messages. */
    sendInPieces: (count: number) => string
    failed: string
    editedDeleted: string
    people: string
    emoji: string
    /** How many there are to choose from, for who does not see the list. */
    choices: (count: number) => string
  }

  emoji: {
    open: string
    title: string
    search: string
    recent: string
    groups: Record<EmojiGroup, string>
    nothingFound: (text: string) => string
    loadFailed: string
    tone: string
    /** From none to the darkest: six. */
    tones: readonly string[]
  }

  switcher: {
    title: string
    search: string
    nothingFound: (text: string) => string
    unread: (count: string) => string
    hint: string
  }

  shortcuts: {
    title: string
    groups: { everywhere: string; writing: string; messages: string }
    of: Record<ShortcutName, string>
    or: string
  }

  connection: {
    connected: string
    connecting: string
    waiting: Record<'network' | 'unreachable' | 'relay-stopping', string>
    retryIn: (seconds: number) => string
    now: string
    nowLabel: string
    waitingByOwner: string
    /** The relay ended the connection, which took too little of what was sent. */
    waitingTooSlow: string
    /** Connected, but what is sent waits here. */
    cannotStore: string
    ended: Record<'signed-out' | 'client-too-old' | 'relay-too-old' | 'other-relay', string>
    /** Why one was signed out. */
    endedWhy: Record<'expired' | 'revoked' | 'account-disabled' | 'account-deleted', string>
    /** What this device holds, as a file. */
    save: string
    saveName: string
    signInAgain: string
    history: (held: number, total: number) => string
    historyPaused: (held: number, total: number) => string
    pauseHistory: string
    resumeHistory: string
    storageFull: string
    /** What was stored could not be read; it comes from the relay again. */
    rebuilt: string
  }

  outbox: {
    open: (waiting: number) => string
    openRefused: (refused: number) => string
    title: string
    empty: string
    explain: string
    more: (count: number) => string
    waiting: string
    sent: string
    refused: string
    tooLate: string
    unknownRoom: string
    cancel: string
    cancelLabel: (what: string) => string
    undo: string
    dependants: (count: number) => string
    discardAll: (count: number) => string
    discardLabel: (what: string) => string
    retryLabel: (what: string) => string
    createRoom: (room: string) => string
    addMembers: (room: string, people: readonly string[]) => string
    leaveRoom: (room: string) => string
    removeMember: (room: string, person: string) => string
    sendMessage: (room: string) => string
    editMessage: (room: string) => string
    deleteMessage: (room: string) => string
    renameRoom: (name: string) => string
    joinRoom: (room: string) => string
    roomSettings: (room: string) => string
    pinRoom: (room: string, on: boolean) => string
    muteRoom: (room: string, on: boolean) => string
    markUnread: (room: string) => string
    addReaction: (room: string, emoji: string) => string
    removeReaction: (room: string, emoji: string) => string
    pinMessage: (room: string) => string
    unpinMessage: (room: string) => string
    markRead: (room: string) => string
    changeProfile: string
    changePicture: string
    changeStatus: string
    receiptsOn: string
    receiptsOff: string
    setAvailability: (availability: Availability) => string
    openDirect: (person: string) => string
    openNotes: string
    changeRoom: (room: string) => string
    closeRoom: (room: string) => string
    ban: (room: string, person: string) => string
    unban: (room: string, person: string) => string
    setRole: (room: string, person: string, role: MemberRole) => string
    sendAside: (room: string, people: readonly string[]) => string
    block: (person: string) => string
    unblock: (person: string) => string
  }

  /** What works without the relay, where that is less than people expect. */
  offline: {
    needsRelay: string
    understood: string
  }

  /** A part of the screen that is loaded when it is first opened, and has not come. */
  coming: {
    loading: string
    /** Beside `loading`, where the relay is needed for it. */
    fromRelay: string
    missing: string
    missingText: string
    /** Instead, where it should be on the device. */
    missingHere: string
    /** The person has tried again in vain. */
    stillMissing: string
    again: string
  }
}
