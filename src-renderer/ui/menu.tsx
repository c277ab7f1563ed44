// A menu of things to do, at a button or where the pointer was. By keyboard as by mouse; closes by Esc and gives the focus back.
import { Menu as Base } from '@base-ui/react/menu'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'
import { placeOf } from './menu-place.ts'
import type { MenuAnchor } from './menu-place.ts'
import styles from './menu.module.css'

export type { MenuAnchor } from './menu-place.ts'

interface MenuProps {
  /** Its accessible name. */
  label: string
  anchor: MenuAnchor
  align?: 'start' | 'end'
  onClose: () => void
  /** Asked when it closes: whether the focus goes back to where it was. False after what has taken it elsewhere. Without it, it does. */
  givesFocusBack?: () => boolean
  /** `MenuItem`s and `MenuRow`s. */
  children: ReactNode
}

/** Open as long as it is rendered. `onClose` must make its owner stop rendering it. */
export function Menu({ label, anchor, align = 'start', onClose, givesFocusBack, children }: MenuProps) {
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
          side="bottom"
          align={align}
          sideOffset={4}
          collisionPadding={8}
          // At a point, as menus of systems do: it moves up as far as it needs to be seen whole.
          {...(anchor instanceof Element ? {} : { collisionAvoidance: { side: 'shift', align: 'shift' } as const })}
        >
          <Base.Popup
            className={styles.menu}
            aria-label={label}
            {...(givesFocusBack === undefined ? {} : { finalFocus: givesFocusBack })}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  icon?: IconName
  look?: 'plain' | 'danger'
  onClick: () => void
  children: ReactNode
}

export function MenuItem({ icon, look = 'plain', onClick, children }: MenuItemProps) {
  return (
    <Base.Item className={styles.item} data-look={look} onClick={onClick}>
      {icon && <Icon name={icon} size={18} />}
      {children}
    </Base.Item>
  )
}

/** Small things side by side, above the others. */
export function MenuRow({ children }: { children: ReactNode }) {
  return <div className={styles.rowOfItems}>{children}</div>
}

/** One of a row. `pressed`: it is chosen already. */
export function MenuSign({
  label,
  pressed,
  onClick,
  children
}: {
  label: string
  pressed: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Base.CheckboxItem
      className={styles.sign}
      checked={pressed}
      closeOnClick
      label={label}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </Base.CheckboxItem>
  )
}

/** One of a row that leads further. */
export function MenuRowItem({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <Base.Item className={styles.sign} label={label} aria-label={label} onClick={onClick}>
      <Icon name={icon} size={18} />
    </Base.Item>
  )
}

export function MenuLine() {
  return <div className={styles.line} aria-hidden />
}
