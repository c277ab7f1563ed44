// The words of who has read what, and of what others see of oneself.
import type { Availability } from '../../protocol/live.ts'

export interface ReadingTexts {
  readers: {
    /** Beside an own message that is on the relay: so many have not read it. */
    unread: (count: number) => string
    /** Beside one that everybody has read. */
    read: string
    /** Opens the names. */
    show: string
    title: string
    /** Which names are shown. */
    which: string
    readBy: (count: number) => string
    unreadBy: (count: number) => string
    nobody: string
    everybody: string
    more: string
    /** Who is not among them. */
    leftOut: string
  }

  privacy: {
    title: string
    availability: string
    availabilities: Record<Availability, string>
    /** What each does. */
    availabilityText: Record<Availability, string>
    receipts: string
    receiptsText: string
  }
}
