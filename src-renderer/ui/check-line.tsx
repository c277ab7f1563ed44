// A box to tick with its words beside it; the words tick it too.
import { useId } from 'react'
import styles from './check-line.module.css'
import { Checkbox } from './checkbox.tsx'

interface CheckLineProps {
  label: string
  checked: boolean
  onChecked: (checked: boolean) => void
}

export function CheckLine({ label, checked, onChecked }: CheckLineProps) {
  const id = useId()
  return (
    <div className={styles.line}>
      <Checkbox id={id} label={label} checked={checked} onChecked={onChecked} />
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
