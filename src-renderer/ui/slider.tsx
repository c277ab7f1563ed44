// Choosing a number between two, by dragging, by arrow keys, or by a click.
import { Slider as Base } from '@base-ui/react/slider'
import { useState } from 'react'
import styles from './slider.module.css'

interface SliderProps {
  label: string
  /** A number as it is said. */
  words: (value: number) => string
  min: number
  max: number
  step: number
  value: number
  /** Told when it is let go, not on the way: what it sets may move the slider. */
  onValue: (value: number) => void
}

export function Slider({ label, words, min, max, step, value, onValue }: SliderProps) {
  /** While it is dragged. */
  const [moving, setMoving] = useState<number>()
  return (
    <Base.Root
      className={styles.slider}
      min={min}
      max={max}
      step={step}
      value={moving ?? value}
      onValueChange={(to) => setMoving(to)}
      onValueCommitted={(to) => {
        setMoving(undefined)
        onValue(to)
      }}
    >
      <div className={styles.head}>
        <Base.Label className={styles.label}>{label}</Base.Label>
        <Base.Value className={styles.value}>{(_formatted, [now]) => words(now ?? value)}</Base.Value>
      </div>
      <Base.Control className={styles.control}>
        <Base.Track className={styles.track}>
          <Base.Indicator className={styles.indicator} />
          <Base.Thumb className={styles.thumb} getAriaValueText={(_formatted, now) => words(now)} />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  )
}
