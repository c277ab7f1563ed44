// The words about the relay as a place: invites, one's account and devices on it, and what its owner sees.
export interface RelayTexts {
  invite: {
    title: string
    text: string
    make: string
    making: string
    makeAnother: string
    uses: string
    usesWords: (count: number) => string
    expiresIn: string
    days: (count: number) => string
    rooms: string
    roomsHint: string
    code: string
    codeHint: string
    link: string
    linkHint: string
    qr: string
    expires: (day: string) => string
    onlyHere: string
    copy: string
    copied: string
    copyByHand: string
    list: string
    none: string
    left: (left: number, uses: number) => string
    revoke: string
    revokeLabel: (day: string) => string
  }

  /** Somebody came by an invite. */
  joining: {
    title: string
    text: string
    join: string
    joining: string
    nothingNew: string
    openApp: string
    openAppHint: string
    brought: string
    /** The invite of a relay on which one is not signed in. */
    elsewhere: (relay: string) => string
  }

  /** Setting a new password by a code of the owner. */
  resetting: {
    title: string
    text: (username: string) => string
    newPassword: string
    submit: string
    submitting: string
    signOutFirst: string
  }

  account: {
    open: string
    title: string
    needsRelay: string
    devices: string
    thisDevice: string
    onlineNow: string
    lastUsed: (when: string) => string
    signOutDevice: string
    signOutDeviceLabel: (device: string) => string
    signOutOthers: string
    signOutOthersText: string
    password: string
    currentPassword: string
    newPassword: string
    changePassword: string
    changing: string
    changed: string
    delete: string
    deleteTitle: string
    deleteText: string
    deleteAsk: string
    deleteNow: string
    deleting: string
    loadFailed: string
  }

  admin: {
    open: string
    title: string
    sections: Record<'overview' | 'people' | 'rooms' | 'invites' | 'audit', string>
    loading: string
    more: string
    refresh: string
    version: string
    registration: string
    registrationWords: Record<'open' | 'invite' | 'closed', string>
    runningSince: string
    storage: string
    bytes: (amount: string) => string
    bytesUnknown: string
    trouble: (why: string) => string
    peopleCount: string
    roomCount: string
    connections: string
    connectionWords: (devices: number, users: number) => string
    errors: string
    noErrors: string
    owner: string
    disabled: string
    deleted: string
    devices: (count: number, online: number) => string
    never: string
    actions: (person: string) => string
    makeOwner: string
    makeMember: string
    disable: string
    disableTitle: (person: string) => string
    disableText: string
    enable: string
    disconnect: string
    reset: string
    resetText: (person: string, day: string) => string
    resetCode: string
    resetLink: string
    showDevices: string
    kind: Record<'group' | 'open', string>
    members: (count: number) => string
    messages: (count: number) => string
    closed: string
    close: string
    closeTitle: (room: string) => string
    closeText: string
    noRooms: string
    noEntries: string
    byCommand: string
    /** An act of the audit log that this app has no words for. */
    unknownAct: (act: string) => string
    acts: Record<string, string>
  }
}
