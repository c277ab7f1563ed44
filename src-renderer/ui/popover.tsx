// A panel beside what opened it, with controls of its own. Closes by Esc and by a click beside it, and gives the focus back.
import { Popover as Base } from '@base-ui/react/popover'
import { useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { placeOf } from './menu-place.ts'
import type { MenuAnchor } from './menu-place.ts'
import styles from './popover.module.css'

interface PopoverProps {
  /** Its accessible name. */
  label: string
  anchor: MenuAnchor
  side?: 'top' | 'bottom'
  align?: 'start' | 'center' | 'end'
  onClose: () => void
  /** Where the focus begins; by touch it stays away from fields. */
  initialFocus?: RefObject<HTMLElement | null>
  /** Where the focus goes at the end; null where it has been taken elsewhere. Without it, back to where it was. */
  finalFocus?: () => HTMLElement | null
  children: ReactNode
}

/** Open as long as it is rendered. `onClose` must make its owner stop rendering it. */
export function Popover(props: PopoverProps) {
  const { label, anchor, side = 'top', align = 'end', onClose, initialFocus, finalFocus, children } = props
  const [place] = useState(() => placeOf(anchor))
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          anchor={place}
          side={side}
          align={align}
          sideOffset={8}
          collisionPadding={8}
        >
          <Base.Popup
            className={styles.popover}
            aria-label={label}
            initialFocus={(by) => by === 'touch' || (initialFocus?.current ?? true)}
            {...(finalFocus === undefined ? {} : { finalFocus: () => finalFocus() ?? false })}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
