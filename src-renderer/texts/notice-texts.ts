// The words of notifications, of their settings, and of muting a room.

export interface NoticeTexts {
  notices: {
    /** @param count UNREAD_CAP stands for that many or more */
    newMessages: (count: number) => string
    newFrom: (person: string) => string
    mentionedBy: (person: string) => string
    said: (person: string, text: string) => string
    /** Said to a few in a room. */
    aside: (person: string, text: string) => string
    inRooms: (rooms: number, count: number) => string
    /** The page's title with how much is unread. */
    title: (count: number, product: string) => string
  }

  muting: {
    title: string
    hour: string
    eightHours: string
    tomorrow: string
    forGood: string
    /** @param time as `dates.short` words it */
    until: (time: string) => string
  }

  notifySettings: {
    title: string
    on: string
    allow: string
    /** Where it stands with the browser's permission, and what can be done. */
    state: { granted: string; ask: string; denied: string; insecure: string; unsupported: string }
    words: string
    wordsText: string
    wordsName: string
    wordsNothing: string
    sound: string
    tryIt: string
    keywords: string
    keywordsHint: string
    tooMany: (max: number) => string
    tooLong: (max: number) => string
    quiet: string
    from: string
    to: string
    quietHint: string
  }
}
