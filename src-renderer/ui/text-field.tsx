// A labelled one-line field with a hint or an error beneath it.
import { useId } from 'react'
import type { InputHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import styles from './text-field.module.css'

type TextFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id' | 'onChange' | 'value'> & {
  label: string
  /** For a field that explains itself by its place: the label is only read aloud, and stands in the empty field. */
  labelHidden?: boolean
  value: string
  onValue: (value: string) => void
  hint?: string
  /** Said beneath the field and tied to it; marks the field as invalid. */
  error?: string | undefined
  /** Stands at the end inside the field. */
  trailing?: ReactNode
  ref?: Ref<HTMLInputElement>
}

/** A field whose label, hint and error belong to it for everybody. */
export function TextField({
  label,
  labelHidden = false,
  value,
  onValue,
  hint,
  error,
  trailing,
  ...rest
}: TextFieldProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={labelHidden ? styles.hidden : styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={classNames(styles.box, error !== undefined && styles.invalid)}>
        <input
          {...(labelHidden ? { placeholder: label } : {})}
          {...rest}
          id={id}
          className={styles.input}
          value={value}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={error === undefined && hint === undefined ? undefined : `${id}-notes`}
          onChange={(event) => onValue(event.target.value)}
        />
        {trailing}
      </div>
      <div id={`${id}-notes`} className={styles.notes}>
        {error !== undefined && (
          <p className={styles.error}>
            <Icon name="warning" size={16} />
            <span>{error}</span>
          </p>
        )}
        {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </div>
    </div>
  )
}
