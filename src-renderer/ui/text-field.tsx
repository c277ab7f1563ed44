// A labelled one-line field with a hint or an error beneath it.
import { Field } from '@base-ui/react/field'
import type { InputHTMLAttributes, ReactNode, Ref } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import styles from './text-field.module.css'

type TextFieldProps = Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'id' | 'onChange' | 'value' | 'defaultValue' | 'style'
> & {
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
  return (
    <Field.Root className={styles.field} invalid={error !== undefined}>
      <Field.Label className={labelHidden ? styles.hidden : styles.label}>{label}</Field.Label>
      <div className={classNames(styles.box, error !== undefined && styles.invalid)}>
        <Field.Control
          {...(labelHidden ? { placeholder: label } : {})}
          {...rest}
          className={styles.input}
          value={value}
          onValueChange={(written) => onValue(written)}
        />
        {trailing}
      </div>
      {error !== undefined && (
        <Field.Error className={styles.error} match>
          <Icon name="warning" size={16} />
          <span>{error}</span>
        </Field.Error>
      )}
      {hint !== undefined && <Field.Description className={styles.hint}>{hint}</Field.Description>}
    </Field.Root>
  )
}
