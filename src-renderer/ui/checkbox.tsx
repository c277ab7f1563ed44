// A box to tick. The words beside it are the owner's.
import { Checkbox as Base } from '@base-ui/react/checkbox'
import styles from './checkbox.module.css'
import { Icon } from './icon.tsx'

interface CheckboxProps {
  /** For a label elsewhere. */
  id: string
  /** Its accessible name. */
  label: string
  checked: boolean
  onChecked: (checked: boolean) => void
}

export function Checkbox({ id, label, checked, onChecked }: CheckboxProps) {
  return (
    <Base.Root id={id} className={styles.box} aria-label={label} checked={checked} onCheckedChange={onChecked}>
      <Base.Indicator className={styles.tick}>
        <Icon name="check" size={16} />
      </Base.Indicator>
    </Base.Root>
  )
}
