// The notifications of one relay among those of several: tags that no other relay uses, places that name it, and only its own ones seen. Knows no rule
// about when.
import type { Notifier } from './notifier.ts'

/** What relays share. */
type Shared = Pick<Notifier, 'show' | 'withdraw' | 'shown' | 'onOpen'>

/** The same notifier as one relay has it. */
export function notifierOfRelay(notifier: Shared, relayId: string): Shared {
  const prefix = `${relayId}/`
  return {
    async show(notice) {
      const place = notice.place && { ...notice.place, relayId }
      await notifier.show({ ...notice, tag: prefix + notice.tag, place })
    },

    async withdraw(tag) {
      await notifier.withdraw(prefix + tag)
    },

    async shown() {
      const all = await notifier.shown()
      return all.flatMap((notice) =>
        notice.tag.startsWith(prefix) ? [{ ...notice, tag: notice.tag.slice(prefix.length) }] : []
      )
    },

    onOpen(open) {
      return notifier.onOpen((place) => {
        if (place?.relayId === relayId) open(place)
      })
    }
  }
}
