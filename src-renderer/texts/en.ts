// English.
import { dateWords } from './dates.ts'
import { noticeTextsEn } from './notice-texts.en.ts'
import { liveTextsEn } from './live-texts.en.ts'
import { readingTextsEn } from './reading-texts.en.ts'
import { relayTextsEn } from './relay-texts.en.ts'
import { relaysTextsEn } from './relays-texts.en.ts'
import { roomTextsEn } from './room-texts.en.ts'
import { shellTextsEn } from './shell-texts.en.ts'
import { updateTextsEn } from './update-texts.en.ts'
import type { Named, Texts } from './texts.ts'

const number = new Intl.NumberFormat('en')
const list = new Intl.ListFormat('en', { type: 'conjunction' })

const plural = (count: number, one: string, many: string) => `${number.format(count)} ${count === 1 ? one : many}`
const subject = (person: Named) => (person.self ? 'You' : person.name)
const people = (all: readonly Named[]) => list.format(all.map((person) => (person.self ? 'you' : person.name)))
const quoted = (name: string) => `“${name}”`
const ROLES = { owner: 'the owner', admin: 'an admin', member: 'an ordinary member' }

export const en: Texts = {
  ...liveTextsEn,
  ...relayTextsEn,
  ...relaysTextsEn,
  ...noticeTextsEn,
  ...readingTextsEn,
  ...roomTextsEn,
  ...shellTextsEn,
  ...updateTextsEn,
  locale: 'en',
  productName: 'Maru',
  tagline: 'A room of your own to talk in',
  dates: dateWords('en'),

  close: 'Close',
  cancel: 'Cancel',
  back: 'Back to rooms',
  retry: 'Retry',
  save: 'Save',
  discard: 'Discard',
  you: 'You',
  unknownPerson: 'Unknown person',
  languageNames: { ko: '한국어', en: 'English' },
  brokenScreen: 'This screen could not be drawn. What is stored on this device is untouched.',
  brokenStart: 'Maru could not start here. What is stored on this device is untouched.',
  slowStart:
    'Opening what is stored on this device takes unusually long. Nothing is lost: it may come yet, or after a reload.',
  storageBlocked:
    'This browser lets Maru keep nothing on this device, so nothing could be stored safely. Please allow site data for this page and reload.',
  reload: 'Reload',

  unreadable: {
    title: 'Unsent messages cannot be read',
    text: 'The unsent messages and drafts on this device are damaged, or another version of Maru has written them. Nothing was deleted. Please close other windows of Maru and reload first.',
    saveText:
      'If that does not help, save what can still be read as a file. The texts are in it, for you to send again.',
    save: 'Save as a file',
    fileName: 'maru-unsent-messages.json',
    saved: (texts) =>
      texts === 0
        ? 'The file was saved, but no text could be read. It may still help somebody who knows such files.'
        : `The file was saved with ${plural(texts, 'text', 'texts')}. Please look whether it is there.`,
    failed: 'That did not work. Nothing was deleted. Please try again.',
    startAnewText:
      'Then Maru can start anew: the damaged part is deleted from this device, and what was not sent is only in your file. Messages that were sent stay.',
    startAnew: 'Delete the damaged part and start anew'
  },

  errors: {
    invalid: 'What was entered does not fit.',
    unsupported: 'The relay does not support this.',
    unauthorized: 'Your session has ended. Please sign in again.',
    'token-expired': 'Your session has ended after a long time without use. Please sign in again.',
    'wrong-credentials': 'The username or password is wrong.',
    'not-permitted': 'You are not allowed to do this.',
    'not-a-member': 'You are no longer in this room.',
    banned: 'You cannot come back into this room.',
    'account-disabled': 'The owner of this relay has disabled this account.',
    'wrong-password': 'The password is wrong.',
    'wrong-reset': 'This reset code is wrong, used already or out of date. Ask the owner of the relay for a new one.',
    'registration-closed': 'This relay takes no new accounts.',
    'invite-required': 'You need an invite code to join this relay.',
    'wrong-invite': 'This invite code is wrong, used up or out of date. Ask the owner of the relay for a new one.',
    'origin-not-allowed': 'The relay does not allow connections from this address.',
    'not-found': 'It was not found.',
    'room-not-found': 'This room was not found.',
    'user-not-found': 'There is no such person on this relay.',
    'message-not-found': 'That message was not found.',
    'device-not-found': 'That device was not found.',
    'invite-not-found': 'That invite was not found.',
    'avatar-not-found': 'That picture was not found.',
    'method-not-allowed': 'The relay does not take this request.',
    'username-taken': 'This username is taken. Please choose another.',
    'id-conflict': 'Something else with the same id exists already.',
    'counter-conflict': 'What is stored here overlaps with another device.',
    'counter-gap': 'The relay went back to an earlier state.',
    'message-deleted': 'This message was deleted already.',
    'depends-on-refused': 'Something it builds on was refused, so this could not be done either.',
    'room-full': 'The room is full.',
    'room-closed': 'This room was closed; nothing can be written any more.',
    'recipient-left': 'Somebody whom this was for is no longer there, so it was not delivered.',
    'last-owner': 'A relay needs an owner. Make somebody else an owner first.',
    'too-many-blocks': 'You have blocked too many people. Unblock some first.',
    'too-many-invites': 'There are too many invites. Revoke some first.',
    'too-many-pins': 'This room has as many pinned messages as it can have. Unpin one first.',
    'too-many-reactions': 'You cannot add any more reactions to this message.',
    'too-large': 'This is too large to send at once.',
    'unsupported-media-type': 'The relay does not take this format.',
    'protocol-too-old': 'This app is too old for the relay. Please update the app, then try again.',
    'protocol-too-new': 'The relay is older than this app. Ask whoever runs it to update it.',
    'rate-limited': 'That was too often. Please try again in a moment.',
    'relay-error': 'Something went wrong on the relay. Please try again in a moment.',
    'room-damaged':
      'The relay cannot read a part of this room any more. Whoever runs it can restore it; then please try again.',
    'storage-unavailable': 'The relay cannot store anything right now. Please try again in a moment.',
    'too-many-unsettled': 'Too much is still being processed. Please wait a moment.',
    'relay-stopping': 'The relay is restarting.',
    'name-not-found': 'No computer of this name was found. Check how the address is spelt.',
    refused:
      'The computer is there, but no relay answers on it. Check the number behind the colon, or ask whoever runs the relay to start it.',
    certificate:
      'The certificate of this relay is not trusted here, so nothing was sent. Ask whoever runs the relay to renew it.',
    'already-signed-in': 'You are signed in to this relay already. One account a relay can be open in this app.',
    'certificate-changed':
      'This relay shows another certificate than before, so nothing was sent: somebody may be pretending to be it. Ask whoever runs the relay whether it is new, and for a new invite.',
    'restart-needed':
      'Maru refused the certificate of this relay before you trusted it, and remembers that until it ends. Quit Maru, start it again, and it works.',
    offline: 'This device has no network. Connect it, then try again.',
    'relay-unreachable':
      'The relay cannot be reached. The address may be wrong, the relay switched off, or its certificate not trusted here. Check the address, and ask whoever runs the relay.',
    'not-a-relay':
      'Somebody answers at this address, but it is no Maru relay. Check the address and the number behind the colon.'
  },
  unknownError: (code) => `The relay refused for a reason this app does not know. (${code})`,

  colors: {
    amber: 'Amber',
    moss: 'Moss',
    teal: 'Teal',
    sky: 'Sky',
    indigo: 'Indigo',
    plum: 'Plum',
    rose: 'Rose',
    clay: 'Clay'
  },

  firstRun: {
    step: (at, of) => `Step ${at} of ${of}`,
    whoTitle: 'Who are you?',
    whoText: 'This is how the others will know you.',
    color: 'Colour of your sign',
    next: 'Continue',
    back: 'Back',
    relayTitle: 'Your account on a relay',
    relayText:
      'A relay is the computer that passes on what you and your people write. One of you runs it, at home or on a server.',
    roomTitle: 'Your first room',
    roomText: 'A room is where you talk with the people you choose. You can add more of them at any time.',
    skip: 'Skip and wait for an invitation'
  },

  signIn: {
    title: 'Sign in',
    relayLine: (address) => `Relay ${address}`,
    relay: 'Relay address or invite link',
    relayHint: 'Ask whoever runs the relay. For example 192.168.0.10:4100',
    relayFound: 'There is a relay at this address.',
    username: 'Username',
    usernameHint: 'Letters, digits, dots, underscores and hyphens.',
    password: 'Password',
    newPasswordHint: (min) => `At least ${min} characters.`,
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    displayName: 'Display name',
    ownerCode: 'Owner code',
    ownerCodeHint: 'The first account owns this relay. Enter the code that the relay printed when it started.',
    inviteCode: 'Invite code',
    inviteCodeHint: 'Enter the code that you got from the owner of this relay.',
    submit: 'Sign in',
    submitting: 'Signing in…',
    createSubmit: 'Create account',
    createSubmitting: 'Creating account…',
    toCreate: 'I am new here',
    toSignIn: 'I already have an account',
    registrationClosed: 'This relay takes no new accounts at the moment.',
    missing: {
      relay: 'Please enter the address of the relay.',
      username: 'Please enter a username.',
      password: 'Please enter a password.',
      displayName: 'Please enter a display name.',
      invite: 'Please enter the code.'
    },
    badRelay: 'This is not an address. For example 192.168.0.10:4100 or https://maru.example.com',
    badUsername: (min, max) => `A username has ${min} to ${max} letters, digits, dots, underscores or hyphens.`,
    badPassword: (min, max) => `A password has ${min} to ${max} characters.`,
    badDisplayName: (max) => `A display name has at most ${max} characters.`,
    wrongOwnerCode: 'This owner code is wrong. Please look again where the relay was started.'
  },

  rooms: {
    title: 'Rooms',
    newRoom: 'New room',
    none: 'No rooms yet',
    noneHint: 'Make a room and choose whom to talk with.',
    welcome: (name) => `Welcome, ${name}`,
    noneMain: 'Make a room, or wait until somebody takes you into theirs.',
    makeFirst: 'Make the first room',
    pick: 'Choose a room',
    pickHint: 'Pick one from the list, and its messages appear here.',
    notFound: 'There is no such room on this device.',
    invite: 'Invite people',
    signOut: 'Sign out',
    signOutTitle: 'Sign out?',
    signOutText: (waiting) =>
      waiting === 0
        ? 'Your messages stay on this device. Sign in again to go on where you left.'
        : `${plural(waiting, 'thing has', 'things have')} not been sent yet. They stay on this device and are sent when you sign in again.`,
    signOutWipe: 'Delete all conversations from this device too',
    signOutLoses: (unsent) =>
      unsent === 0
        ? 'The conversations go from this device. What the relay has comes back when you sign in again.'
        : `${unsent === 1 ? '1 thing that was not sent is' : `${number.format(unsent)} things that were not sent are`} lost for good. What the relay has comes back when you sign in again.`,
    signOutDrafts: (count, lost) =>
      `${plural(count, 'room has', 'rooms have')} text that you have not finished. It ${lost ? 'is lost for good' : 'stays on this device'}.`,
    signOutAndDelete: 'Delete and sign out',
    draft: 'Draft',
    waitingMark: (count) => `${number.format(count)} waiting to send`,
    refusedMark: (count) => `${number.format(count)} not sent`,
    left: 'No longer a member',
    pinned: 'Pinned',
    muted: 'Muted',
    unread: (count) => (count === '1' ? '1 unread message' : `${count} unread messages`),
    noMessages: 'No messages yet',
    preview: (sender, text) => `${sender.self ? 'You' : sender.name}: ${text}`
  },

  settings: {
    open: 'Settings',
    title: 'Settings',
    theme: 'Theme',
    language: 'Language',
    asSystem: 'As the system',
    light: 'Light',
    dark: 'Dark',
    account: (username, relay) => `${username} on ${relay}`,
    onThisDevice: 'How Maru looks and takes keys holds on this device only.',
    textSize: 'Text size',
    percent: (value) => `${value}%`,
    density: 'Spacing',
    comfortable: 'Comfortable',
    compact: 'Compact',
    contrast: 'Contrast',
    moreContrast: 'More',
    enter: 'Enter key',
    enterSends: 'Sends',
    enterBreaks: 'New line',
    noKeyring:
      'This computer has no keyring that Maru can use, so you sign in again after closing the app. Your messages stay on this device.',
    tokenInFile:
      'As you asked with --token-in-file, what keeps you signed in lies unencrypted in a file that only your user account can read.'
  },

  newRoom: {
    title: 'New room',
    name: 'Room name',
    namePlaceholder: 'For example: Family',
    people: 'People',
    search: 'Find by name or username',
    nobody: 'Nobody else is on this relay yet. You can make the room now and invite people later.',
    nobodyFound: (text) => `Nobody matches ${quoted(text)}.`,
    chosen: (count) => `${number.format(count)} chosen`,
    create: 'Create room',
    missingName: 'Please enter a name for the room.',
    badName: (max) => `A room name has at most ${max} characters.`
  },

  room: {
    menu: 'Room menu',
    rename: 'Rename room',
    renaming: 'Being renamed',
    pin: 'Pin to top',
    unpin: 'Unpin',
    mute: 'Mute',
    unmute: 'Unmute'
  },

  members: {
    count: (count) => plural(count, 'member', 'members'),
    title: 'Members',
    owner: 'Room owner',
    add: 'Add people',
    addChosen: (count) => (count === 0 ? 'Add' : `Add ${plural(count, 'person', 'people')}`),
    everyone: 'Everybody on this relay is in this room already.',
    leave: 'Leave room',
    leaveTitle: (room) => `Leave ${quoted(room)}?`,
    leaveText: 'What was said so far stays on this device, but you will get no new messages.',
    remove: 'Remove',
    removeTitle: (person) => `Remove ${person} from this room?`,
    removeText: 'What they have received stays on their device, but no new messages will reach them.',
    adding: 'Being added',
    removing: 'Being removed',
    notJoined: 'You are no longer in this room. You can read what was said.'
  },

  timeline: {
    label: (room) => `Messages in ${quoted(room)}`,
    loadingOlder: 'Loading older messages…',
    offlineOlder: 'Offline. Older messages load when connected.',
    olderFailed: 'Older messages could not be loaded.',
    tryAgain: 'Try again',
    beginning: 'This is where the room begins',
    empty: 'Write the first message',
    newMessages: (count) => plural(count, 'new message', 'new messages'),
    toEnd: 'Go to the end',
    deleted: 'This message was deleted',
    edited: 'edited',
    late: (span) => `Written offline ${span} earlier`,
    waiting: 'Waiting to send',
    accepted: 'Sent',
    refused: 'Not sent',
    unreadable: 'This message cannot be shown',
    tools: 'What you can do with this message',
    react: 'React',
    reactWith: (emoji) => `React with ${emoji}`,
    reply: 'Reply',
    more: 'More',
    copy: 'Copy',
    edit: 'Edit',
    delete: 'Delete for everybody',
    deleteTitle: 'Delete this message?',
    deleteText: 'Its content goes away for everybody in the room; only a note that it was deleted stays.',
    markUnread: 'Mark unread from here',
    unreadLine: 'You have read up to here',
    reactions: 'Reactions',
    reaction: (emoji, people) => `${emoji} ${people}`,
    reactedBy: (names, more) => (more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`),
    quoteMissing: 'Reply to a message that is not on this device',
    quoteElsewhere: 'Reply to a message that is not on this device: show it',
    showQuoted: (author) => `Show the message by ${author}`,
    onlyHere: 'This message is only on this device',
    editRefused: 'Could not be edited',
    deleteRefused: 'Could not be deleted',
    opensInNewTab: 'opens in a new tab',
    copyCode: 'Copy code',
    codeCopied: 'Copied',
    showAll: 'Show all',
    showLess: 'Show less',
    copyLink: 'Copy link',
    pin: 'Pin',
    unpin: 'Unpin',
    editHistory: 'Earlier versions',
    noEdits: 'The relay keeps no earlier version of this message.',
    copyWords: 'Copy the text',
    goToDay: 'Go to a date',
    day: 'Date',
    go: 'Go',
    loadingPlace: 'Loading that message…',
    offlinePlace: 'You are offline. That message loads once you are connected.',
    placeFailed: 'Could not load that message.',
    placeMissing: 'There is no such message in this room.',
    loadingNewer: 'Loading newer messages…',
    offlineNewer: 'You are offline. Newer messages load once you are connected.',
    newerFailed: 'Could not load newer messages.',
    announce: (name, text) => `${name}: ${text}`,
    announceMany: (count) => plural(count, 'new message', 'new messages'),
    message: (name, time) => `${name}, ${time}`,
    system: {
      roomCreated: (actor, others) =>
        others.length === 0
          ? `${subject(actor)} created the room`
          : `${subject(actor)} created the room with ${people(others)}`,
      roomRenamed: (actor, name) => `${subject(actor)} renamed the room to ${quoted(name)}`,
      memberJoined: (person) => `${subject(person)} joined the room`,
      memberAdded: (actor, others) => `${subject(actor)} added ${people(others)}`,
      memberLeft: (person) => `${subject(person)} left the room`,
      memberRemoved: (actor, others) => `${subject(actor)} removed ${people(others)}`,
      memberBanned: (actor, others) => `${subject(actor)} removed and banned ${people(others)}`,
      memberRoleSet: (actor, others, role) => `${subject(actor)} made ${people(others)} ${ROLES[role]}`,
      roomTopicSet: (actor, topic) =>
        topic === undefined
          ? `${subject(actor)} took the topic away`
          : `${subject(actor)} set the topic to ${quoted(topic)}`,
      roomAvatarSet: (actor) => `${subject(actor)} changed the picture of the room`,
      roomWritersSet: (actor, onlyAdmins) =>
        onlyAdmins ? `${subject(actor)} let only the owner and admins write` : `${subject(actor)} let everybody write`,
      messagePinned: (actor) => `${subject(actor)} pinned a message`,
      roomClosed: (actor) => `${subject(actor)} closed the room`,
      unknown: 'Something changed in the room'
    }
  },

  pins: {
    title: 'Pinned messages',
    all: (count) => `All ${number.format(count)}`,
    says: (name, text) => `${name}: ${text}`,
    notHere: 'A message that is not on this device',
    unpinLabel: (words) => `Unpin: ${words}`
  },

  composer: {
    label: 'Message',
    placeholder: 'Write a message',
    editing: 'Edit message',
    saveEdit: 'Save edit',
    cancelEdit: 'Cancel edit',
    replyingTo: (author) => (author.self ? 'Reply to your own message' : `Reply to ${author.name}`),
    cancelReply: 'Cancel reply',
    send: 'Send',
    nearLimit: (left) => `${plural(left, 'character', 'characters')} left`,
    overLimit: (over, max) =>
      `A message has at most ${number.format(max)} characters. Please shorten it by ${number.format(over)} or send it in parts.`,
    sendInPieces: (count) => `Send as ${plural(count, 'message', 'messages')}`,
    failed: 'The message could not be stored on this device. What you wrote is still here.',
    editedDeleted: 'The message was deleted meanwhile. What you wrote is still here.',
    people: 'People to mention',
    emoji: 'Emoji',
    choices: (count) => `${plural(count, 'choice', 'choices')}: arrow keys to choose, Enter to take it.`
  },

  emoji: {
    open: 'Choose an emoji',
    title: 'Emoji',
    search: 'Find an emoji',
    recent: 'Used lately',
    groups: {
      smileys: 'Smileys and feelings',
      people: 'People and bodies',
      nature: 'Animals and nature',
      food: 'Food and drink',
      travel: 'Travel and places',
      activities: 'Activities',
      objects: 'Objects',
      symbols: 'Symbols',
      flags: 'Flags'
    },
    nothingFound: (text) => `No emoji fits “${text}”.`,
    loadFailed: 'The emoji could not be loaded. Please open them again.',
    tone: 'Skin tone',
    tones: ['Default', 'Light', 'Medium light', 'Medium', 'Medium dark', 'Dark']
  },

  switcher: {
    title: 'Go to a room',
    search: 'Name of a room or person',
    nothingFound: (text) => `No room or person fits “${text}”.`,
    unread: (count) => `${count} unread`,
    hint: 'Arrow keys to choose, Enter to open.'
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    groups: { everywhere: 'Everywhere', writing: 'While writing', messages: 'While reading' },
    of: {
      switcher: 'Go to a room',
      relay: 'Go to another relay',
      newRoom: 'New room',
      nextRoom: 'Previous or next room',
      nextUnread: 'Previous or next unread room',
      markRead: 'Mark as read and go to the end',
      settings: 'Settings',
      sheet: 'These shortcuts',
      send: 'Send',
      lineBreak: 'New line',
      editLast: 'Edit your last message (in an empty field)',
      mention: 'Mention somebody',
      emoji: 'Put in an emoji',
      cancel: 'Give up an answer or an edit',
      messages: 'To the messages',
      message: 'Previous or next message',
      backToWriting: 'Back to writing'
    },
    or: 'or'
  },

  connection: {
    connected: 'Connected',
    connecting: 'Connecting',
    waiting: {
      network: 'No network',
      unreachable: 'Relay unreachable',
      'relay-stopping': 'Relay restarting'
    },
    retryIn: (seconds) => `next try in ${number.format(seconds)} s`,
    now: 'Now',
    nowLabel: 'Connect now',
    ended: {
      'signed-out': 'Signed out',
      'client-too-old': 'Please update this app',
      'relay-too-old': 'The relay is too old',
      'other-relay': 'Another relay answers at this address'
    },
    waitingByOwner: 'The relay’s owner ended the connection',
    waitingTooSlow: 'Line too slow: the relay ended the connection',
    cannotStore: 'Connected, but the relay cannot store now: sending waits',
    endedWhy: {
      expired: 'Signed out: not used for too long',
      revoked: 'This device was signed out',
      'account-disabled': 'The relay’s owner has disabled this account',
      'account-deleted': 'This account was deleted'
    },
    save: 'Save what is here',
    saveName: 'maru-messages.json',
    signInAgain: 'Sign in again',
    history: (held, total) => `Loading older messages: ${number.format(held)} of ${number.format(total)}`,
    historyPaused: (held, total) => `Older messages paused: ${number.format(held)} of ${number.format(total)}`,
    pauseHistory: 'Pause loading older messages',
    resumeHistory: 'Go on loading older messages',
    storageFull: 'This device has no space left, so new messages cannot be kept. Make some room and they will come.',
    rebuilt:
      'The messages stored on this device were damaged and are fetched from the relay again. What was not sent yet is still here.'
  },

  outbox: {
    open: (waiting) => `${number.format(waiting)} waiting to send`,
    openRefused: (refused) => `${number.format(refused)} not sent`,
    title: 'Outbox',
    empty: 'Everything has been sent.',
    explain: 'Stored safely on this device. When connected, it is sent in this order.',
    more: (count) => `Show more (${number.format(count)})`,
    waiting: 'Waiting',
    sent: 'Being sent',
    refused: 'Refused',
    unknownRoom: 'unknown room',
    cancel: 'Cancel',
    cancelLabel: (what) => `Cancel: ${what}`,
    undo: 'Undo',
    dependants: (count) => (count === 1 ? '1 thing waits for this.' : `${count} things wait for this.`),
    discardAll: (count) => `Discard all ${count}`,
    tooLate: 'It is being sent already and can no longer be cancelled.',
    discardLabel: (what) => `Discard: ${what}`,
    retryLabel: (what) => `Retry: ${what}`,
    createRoom: (room) => `Create room ${quoted(room)}`,
    addMembers: (room, names) => `Add ${list.format(names)} to ${quoted(room)}`,
    leaveRoom: (room) => `Leave ${quoted(room)}`,
    removeMember: (room, person) => `Remove ${person} from ${quoted(room)}`,
    sendMessage: (room) => `Message in ${quoted(room)}`,
    editMessage: (room) => `Edit of a message in ${quoted(room)}`,
    deleteMessage: (room) => `Deletion of a message in ${quoted(room)}`,
    renameRoom: (name) => `Rename the room to ${quoted(name)}`,
    joinRoom: (room) => `Join ${quoted(room)}`,
    roomSettings: (room) => `Your settings for ${quoted(room)}`,
    pinRoom: (room, on) => `${on ? 'Pin' : 'Unpin'} ${quoted(room)} in your list`,
    muteRoom: (room, on) => `${on ? 'Mute' : 'Unmute'} ${quoted(room)}`,
    markUnread: (room) => `Mark ${quoted(room)} as unread`,
    addReaction: (room, emoji) => `Reaction ${emoji} in ${quoted(room)}`,
    pinMessage: (room) => `Pin a message in ${quoted(room)}`,
    unpinMessage: (room) => `Unpin a message in ${quoted(room)}`,
    removeReaction: (room, emoji) => `Take away reaction ${emoji} in ${quoted(room)}`,
    markRead: (room) => `Mark ${quoted(room)} as read`,
    changeProfile: 'Change of your profile',
    changePicture: 'Change of your picture',
    changeStatus: 'Change of your status',
    receiptsOn: 'Show who has read what',
    receiptsOff: 'Show nobody what you have read',
    setAvailability: (availability) =>
      ({ auto: 'Show when you are online', dnd: 'Do not disturb', invisible: 'Appear offline' })[availability],
    openDirect: (person) => `Start a room with ${person}`,
    openNotes: 'Start your notes to self',
    changeRoom: (room) => `Change of the settings of ${quoted(room)}`,
    closeRoom: (room) => `Close ${quoted(room)} for everybody`,
    ban: (room, person) => `Ban ${person} from ${quoted(room)}`,
    unban: (room, person) => `Lift the ban of ${person} from ${quoted(room)}`,
    setRole: (room, person, role) => `Make ${person} ${ROLES[role]} of ${quoted(room)}`,
    sendAside: (room, names) => `Message for ${list.format(names)} alone in ${quoted(room)}`,
    block: (person) => `Block ${person}`,
    unblock: (person) => `Unblock ${person}`
  },

  offline: {
    needsRelay: 'At this address, Maru opens only while the relay is running. What you write stays on this device.',
    understood: 'Got it'
  },

  coming: {
    loading: 'Loading…',
    fromRelay: 'This comes from the relay, so it opens only while the relay can be reached.',
    missing: 'Could not be loaded',
    missingText: 'This comes from the relay. It will be loaded once there is a connection.',
    missingHere: 'This part of Maru could not be read. Please try again.',
    stillMissing: 'If this still does not open, reload Maru. What is stored on this device is untouched.',
    again: 'Try again'
  }
}
