// Choosing one of a few: as words side by side.
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useId } from 'react'
import styles from './choice.module.css'
import { classNames } from './class-names.ts'

interface ChoiceProps<Value extends string> {
  label: string
  /** For a choice that explains itself by its place: the label is only read aloud. */
  labelHidden?: boolean
  options: readonly { value: Value; words: string; lang?: string }[]
  value: Value
  onValue: (value: Value) => void
}

export function Choice<Value extends string>({
  label,
  labelHidden = false,
  options,
  value,
  onValue
}: ChoiceProps<Value>) {
  const id = useId()
  return (
    <div className={styles.choice}>
      <span id={id} className={labelHidden ? styles.hidden : styles.label}>
        {label}
      </span>
      <RadioGroup
        aria-labelledby={id}
        className={classNames(styles.options, labelHidden && styles.compact)}
        value={value}
        onValueChange={(chosen: Value) => onValue(chosen)}
      >
        {options.map((option) => (
          <Radio.Root key={option.value} value={option.value} className={styles.option} lang={option.lang}>
            {option.words}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  )
}
