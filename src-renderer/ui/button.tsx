// Buttons: with words, or an icon that carries its name.
import { Button as Base } from '@base-ui/react/button'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'> & {
  /** `primary`: the one thing to do here. `plain`: beside it. `quiet`: words only. `danger`: words only, takes something away. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger'
  small?: boolean
  wide?: boolean
  icon?: IconName
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

/** A button with words. `type` is `button` unless it is said to submit. */
export function Button({ look = 'plain', small = false, wide = false, icon, children, ...rest }: ButtonProps) {
  return (
    <Base
      type="button"
      {...rest}
      className={classNames(styles.button, styles[look], small && styles.small, wide && styles.wide)}
    >
      {icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children}
    </Base>
  )
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'children' | 'style'> & {
  icon: IconName
  /** Its accessible name, shown as a tooltip too. */
  label: string
  look?: 'primary' | 'quiet'
  ref?: Ref<HTMLButtonElement>
}

/** A round button with an icon only. */
export function IconButton({ icon, label, look = 'quiet', ...rest }: IconButtonProps) {
  return (
    <Base
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classNames(styles.iconButton, look === 'primary' && styles.iconPrimary)}
    >
      <Icon name={icon} />
    </Base>
  )
}
