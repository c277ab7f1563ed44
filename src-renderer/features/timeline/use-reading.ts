// Moves the person's read mark [S12]: what is on the screen while somebody looks at it counts as read, and nothing else does.
import { useEffect, useRef } from 'react'
import { attention } from '../../platform/attention.ts'
import { useServices } from '../../services-context.tsx'
import { useObservable } from '../../ui/use-observable.ts'

/** From seeing to marking: who passes by has not read. */
export const READ_AFTER_MS = 500
/** From one mark to the next in one room: in a stream of messages each reader's marks cost all readers. Numbers stay within 2 s of the truth. */
export const READ_EVERY_MS = 1_500

/**
 * @param seenSeq the highest seq whose message can be seen now; 0 for none
 * @param keepsUnread the person has said that something is to stay unread: what comes meanwhile does not undo that
 */
export function useReading(roomId: string, seenSeq: number, keepsUnread: boolean): void {
  const { commands } = useServices().store
  const looking = useObservable(() => attention, []) ?? false
  const seen = useRef(0)
  const marked = useRef(0)
  const markedAtMs = useRef(-Infinity)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    seen.current = seenSeq
    if (!looking || keepsUnread || seenSeq <= marked.current) return
    const untilNextMs = markedAtMs.current + READ_EVERY_MS - performance.now()
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined
        const before = marked.current
        if (seen.current <= before) return
        marked.current = seen.current
        markedAtMs.current = performance.now()
        // What could not be stored is tried again with the next message that is seen.
        commands.markRead(roomId, seen.current).catch(() => {
          marked.current = before
        })
      },
      Math.max(READ_AFTER_MS, untilNextMs)
    )
  }, [commands, roomId, looking, keepsUnread, seenSeq])

  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [looking, keepsUnread]
  )
}
