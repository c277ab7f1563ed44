// All that is pinned in a room, the newest first.
import type { PinnedMessage } from '../../store/chat-store.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './pins.module.css'

interface PinsDialogProps {
  pins: readonly PinnedMessage[]
  say: (pin: PinnedMessage) => string
  onGo: (pin: PinnedMessage) => void
  /** Undefined for who may not. */
  onUnpin: ((pin: PinnedMessage) => void) | undefined
  onClose: () => void
}

export function PinsDialog({ pins, say, onGo, onUnpin, onClose }: PinsDialogProps) {
  const texts = useTexts()
  return (
    <Dialog title={texts.pins.title} closeLabel={texts.close} onClose={onClose}>
      <ul className={styles.list}>
        {pins.map((pin) => (
          <li key={pin.id} className={styles.row}>
            <button type="button" className={styles.words} disabled={!pin.message?.seq} onClick={() => onGo(pin)}>
              {say(pin)}
            </button>
            {onUnpin && (
              <Button small look="danger" aria-label={texts.pins.unpinLabel(say(pin))} onClick={() => onUnpin(pin)}>
                {texts.timeline.unpin}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
