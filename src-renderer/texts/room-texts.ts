// The shape of the catalogue's part about rooms and people: who is in them, who may do what, and to whom one speaks.

export interface RoomTexts {
  roomList: {
    which: string
    all: string
    unread: string
    nothingUnread: string
    mentioned: (count: string) => string
    closed: string
    notes: string
    /** What can be done with a room in the list. */
    actions: (room: string) => string
    markRead: string
    markUnread: string
    /** What people, open rooms and invitations of the relay are behind. */
    directory: string
  }

  newKind: {
    label: string
    group: string
    open: string
    direct: string
    notes: string
    openText: string
    directText: string
    notesText: string
    openNotes: string
    topic: string
    topicPlaceholder: string
    badTopic: (max: number) => string
    history: string
    historyAll: string
    historyFromJoining: string
    writers: string
    writersAll: string
    writersAdmins: string
  }

  directory: {
    title: string
    which: string
    people: string
    openRooms: string
    searchRooms: string
    nobody: string
    loading: string
    offline: string
    noRooms: string
    noRoomFound: (text: string) => string
    more: string
    join: string
    joinLabel: (room: string) => string
    enter: string
    enterLabel: (room: string) => string
  }

  person: {
    about: (person: string) => string
    talk: string
    shared: string
    noShared: string
    block: string
    unblock: string
    blocked: string
    blockTitle: (person: string) => string
    blockText: string
    blockQuietText: string
    deleted: string
    relayOwner: string
  }

  details: {
    title: string
    group: string
    open: string
    edit: string
    editTitle: string
    admin: string
    actionsOf: (person: string) => string
    makeAdmin: string
    makeMember: string
    handOver: string
    handOverTitle: (person: string) => string
    handOverText: string
    ban: string
    banTitle: (person: string) => string
    banText: string
    banned: string
    liftBan: string
    liftBanLabel: (person: string) => string
    quietly: string
    quietlyHint: string
    /** What becomes of the room when its owner leaves. */
    ownerLeaves: string
    close: string
    closeTitle: (room: string) => string
    closeText: string
    historyAllText: string
    historyFromJoiningText: string
    writersAdminsText: string
  }

  closed: {
    title: string
    text: string
    startNew: string
    starting: string
    draftKept: string
    onlyAdmins: string
    personGone: string
  }

  /** Sending a message's words on to other rooms and people. */
  forward: {
    action: string
    title: string
    to: string
    hint: string
    chosen: string
    leaveOut: (title: string) => string
    own: string
    send: string
    sendAnyway: string
    /** @param names of the others who have it; none: only oneself */
    asideWarning: (names: readonly string[]) => string
    deleted: string
    /** This device could not keep it. */
    failed: string
    done: (titles: readonly string[]) => string
  }

  asides: {
    start: string
    title: string
    text: string
    write: string
    nobodyHere: string
    tooMany: (max: number) => string
    /** Above the field: whom the words go to. */
    to: (names: readonly string[]) => string
    change: string
    leave: string
    /** At a message that only these and oneself see. */
    onlyFor: (names: readonly string[]) => string
  }

  picture: {
    label: string
    choose: string
    remove: string
    hint: string
    problems: { 'not-a-picture': string; 'too-large': string; failed: string }
  }

  profile: {
    status: string
    statusPlaceholder: string
    badStatus: (max: number) => string
  }
}
