// English: rooms and people.
import { list, number, quoted } from './phrases.en.ts'
import type { RoomTexts } from './room-texts.ts'

export const roomTextsEn: RoomTexts = {
  roomList: {
    which: 'Which rooms are listed',
    all: 'All',
    unread: 'Unread',
    nothingUnread: 'You have read everything',
    mentioned: (count) => (count === '1' ? '1 unread mention of you' : `${count} unread mentions of you`),
    closed: 'Closed',
    notes: 'Notes to self',
    actions: (room) => `What you can do with ${quoted(room)}`,
    markRead: 'Mark as read',
    markUnread: 'Mark as unread',
    directory: 'Find people and open rooms'
  },

  newKind: {
    label: 'What kind of room?',
    group: 'Group',
    open: 'Open',
    direct: 'Direct',
    notes: 'Notes',
    openText: 'Everybody on this relay can find and join it.',
    directText: 'For the two of you alone. It opens at once, also offline.',
    notesText: 'A room that only you see, for notes, links and what you want to remember.',
    openNotes: 'Open notes to self',
    topic: 'Topic',
    topicPlaceholder: 'For example: groceries this week',
    badTopic: (max) => `A topic has at most ${max} characters.`,
    history: 'Who joins later can read',
    historyAll: 'Everything',
    historyFromJoining: 'From joining on',
    writers: 'Who may write',
    writersAll: 'Everybody',
    writersAdmins: 'Owner and admins'
  },

  directory: {
    title: 'People and open rooms',
    which: 'What are you looking for?',
    people: 'People',
    openRooms: 'Open rooms',
    searchRooms: 'Find by name or topic',
    nobody: 'Nobody else is on this relay yet.',
    loading: 'Loading…',
    offline:
      'The list of open rooms comes from the relay, which cannot be reached now. Those you have joined are in your list of rooms.',
    noRooms: 'There are no open rooms yet.',
    noRoomFound: (text) => `No open room matches ${quoted(text)}.`,
    more: 'Show more',
    join: 'Join',
    joinLabel: (room) => `Join ${quoted(room)}`,
    enter: 'Open',
    enterLabel: (room) => `Open ${quoted(room)}`
  },

  person: {
    about: (person) => `About ${person}`,
    talk: 'Direct message',
    shared: 'Rooms you share',
    noShared: 'You share no room.',
    block: 'Block',
    unblock: 'Unblock',
    blocked: 'You have blocked this person',
    blockTitle: (person) => `Block ${person}?`,
    blockText:
      'Their direct messages and mentions of you are no longer shown or notified, and your direct room with them leaves the list. What they say in rooms that you share stays visible.',
    blockQuietText: 'They are not told. You can unblock them at any time.',
    deleted: 'This account was deleted',
    relayOwner: 'Owner of the relay'
  },

  details: {
    title: 'Room details',
    group: 'Group',
    open: 'Open room',
    edit: 'Edit',
    editTitle: 'Edit room details',
    admin: 'Admin',
    actionsOf: (person) => `What you can do with ${person}`,
    makeAdmin: 'Make an admin',
    makeMember: 'No longer an admin',
    handOver: 'Hand over the room',
    handOverTitle: (person) => `Hand the room over to ${person}?`,
    handOverText: 'They will own this room, and you become an admin. Only they can give it back.',
    ban: 'Remove and ban',
    banTitle: (person) => `Remove and ban ${person}?`,
    banText:
      'What they have received stays on their device. They can neither join nor be added again until you lift the ban.',
    banned: 'Banned',
    liftBan: 'Lift',
    liftBanLabel: (person) => `Lift the ban of ${person}`,
    quietly: 'Leave quietly',
    quietlyHint: 'The room gets no line about it.',
    ownerLeaves:
      'When the owner leaves, the admin who joined first owns the room; without admins, the member who joined first.',
    close: 'Close room for everybody',
    closeTitle: (room) => `Close ${quoted(room)} for everybody?`,
    closeText:
      'Nobody can write in it any more, you included, and it cannot be opened again. Its members can still read what was said.',
    historyAllText: 'Who joins later can read everything.',
    historyFromJoiningText: 'Who joins later can read only what is said from then on.',
    writersAdminsText: 'Only the owner and admins may write.'
  },

  closed: {
    title: 'This room was closed',
    text: 'Nothing can be written here any more. What was said can still be read.',
    startNew: 'Start a new room with the same people',
    starting: 'Making it…',
    draftKept: 'What you were writing goes along into the new room.',
    onlyAdmins: 'Only the owner and admins may write in this room.',
    personGone: 'This person has deleted their account. You can read what was said.'
  },

  forward: {
    action: 'Forward',
    title: 'Forward message',
    to: 'Rooms and people to get it',
    hint: 'Choose one or several. It goes as a new message of yours.',
    chosen: 'Chosen',
    leaveOut: (title) => `Leave out ${title}`,
    own: 'Your own words before it (optional)',
    send: 'Forward',
    sendAnyway: 'Forward anyway',
    asideWarning: (names) =>
      names.length === 0
        ? 'Only you can see this aside. Forwarded, everybody in the places that you choose can read it.'
        : `Only you and ${names.join(', ')} can see this aside. Forwarded, everybody in the places that you choose can read it.`,
    deleted: 'This message was deleted and cannot be forwarded.',
    failed: 'This device could not store it. Please forward it again to the places that are left.',
    done: (titles) => (titles.length === 1 ? `Forwarded to ${titles[0] ?? ''}` : `Forwarded to ${titles.length} places`)
  },

  asides: {
    start: 'Aside',
    title: 'Who gets this aside',
    text: 'Only the people you choose receive it. The others cannot tell that it exists.',
    write: 'Write aside',
    nobodyHere: 'Nobody else is in this room.',
    tooMany: (max) => `An aside goes to at most ${number.format(max)} people.`,
    to: (names) => `Aside for ${list.format(names)} only`,
    change: 'Change who gets it',
    leave: 'Stop the aside and write to everybody',
    onlyFor: (names) => (names.length === 0 ? 'Only you see this' : `Only ${list.format(['you', ...names])} see this`)
  },

  picture: {
    label: 'Picture',
    choose: 'Choose a picture',
    remove: 'Remove picture',
    hint: 'You can also paste one here. The middle of it is used.',
    problems: {
      'not-a-picture': 'This is no picture that this device can read. Please choose a PNG or JPEG file.',
      'too-large': 'This file is too large: up to 40 MB can be used.',
      failed: 'This picture could not be made small enough. Please choose another one.'
    }
  },

  profile: {
    status: 'Status line',
    statusPlaceholder: 'For example: away until Monday',
    badStatus: (max) => `A status line has at most ${max} characters.`
  }
}
