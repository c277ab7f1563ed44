// Choosing the colour of one's sign.
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useId } from 'react'
import styles from './color-choice.module.css'
import { Icon } from './icon.tsx'
import { SIGN_COLORS } from './sign-colors.ts'
import type { SignColor } from './sign-colors.ts'

interface ColorChoiceProps {
  label: string
  names: Record<SignColor, string>
  value: SignColor
  onValue: (value: SignColor) => void
}

export function ColorChoice({ label, names, value, onValue }: ColorChoiceProps) {
  const id = useId()
  return (
    <div className={styles.choice}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <RadioGroup
        aria-labelledby={id}
        className={styles.colors}
        value={value}
        onValueChange={(chosen: SignColor) => onValue(chosen)}
      >
        {SIGN_COLORS.map((color) => (
          <Radio.Root
            key={color}
            value={color}
            className={styles.color}
            aria-label={names[color]}
            style={{ backgroundColor: `var(--avatar-${color})` }}
          >
            <Radio.Indicator className={styles.tick}>
              <Icon name="check" size={18} />
            </Radio.Indicator>
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  )
}
