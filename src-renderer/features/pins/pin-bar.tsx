// What is pinned, above the messages: the newest, and behind a button all of it. A click leads to the message.
import { useState } from 'react'
import { goToMessage } from '../../platform/hash-route.ts'
import { useMessageActs } from '../../platform/message-acts.tsx'
import { useServices } from '../../services-context.tsx'
import type { PinnedMessage } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { later } from '../../ui/later.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './pins.module.css'

const PinsDialog = later(async () => (await import('./pins-dialog.tsx')).PinsDialog)

export function PinBar({ roomId }: { roomId: string }) {
  const texts = useTexts()
  const { queries } = useServices().store
  const pins = useObservable(() => queries.watchPins(roomId), [queries, roomId])
  const users = useObservable(() => queries.watchUsers(), [queries]) ?? new Map()
  const acts = useMessageActs()
  const [open, setOpen] = useState(false)
  const newest = pins?.[0]
  if (!newest) return null
  const say = ({ message }: PinnedMessage) =>
    message ? texts.pins.says(nameOf(texts, users, message.authorId), message.excerpt) : texts.pins.notHere
  const go = ({ message }: PinnedMessage) => {
    setOpen(false)
    if (message?.seq) goToMessage(roomId, message.seq)
  }
  return (
    <section className={styles.bar} aria-label={texts.pins.title}>
      <Icon name="pin" size={16} />
      <button type="button" className={styles.newest} disabled={!newest.message?.seq} onClick={() => go(newest)}>
        {say(newest)}
      </button>
      <Button small look="quiet" onClick={() => setOpen(true)}>
        {texts.pins.all(pins.length)}
      </Button>
      {open && (
        <PinsDialog
          pins={pins}
          say={say}
          onGo={go}
          onUnpin={acts?.setPin ? ({ id }) => acts.setPin?.({ id, roomId }, false) : undefined}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  )
}
