// Which skin tone the hands and faces of the picker have.
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useTexts } from '../texts/texts-context.tsx'
import styles from './emoji-picker.module.css'

const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'] as const

export function ToneChoice({ tone, onTone }: { tone: number; onTone: (tone: number) => void }) {
  const { emoji } = useTexts()
  return (
    <RadioGroup
      aria-label={emoji.tone}
      className={styles.tones}
      value={tone}
      onValueChange={(value: number) => onTone(value)}
    >
      {HANDS.map((hand, value) => (
        <Radio.Root
          key={hand}
          value={value}
          className={styles.tone}
          aria-label={emoji.tones[value]}
          title={emoji.tones[value]}
        >
          {hand}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
