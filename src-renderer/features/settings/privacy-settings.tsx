// What others see of the person: how they are there, and what they have read. Both are the same on all of the person's devices, offline too.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { CheckLine } from '../../ui/check-line.tsx'
import { Choice } from '../../ui/choice.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './section.module.css'

const AVAILABILITIES = ['auto', 'dnd', 'invisible'] as const

export function PrivacySettings() {
  const texts = useTexts()
  const { privacy } = texts
  const { me, store } = useServices()
  const { commands, queries } = store
  const wants = useObservable(() => queries.watchPreferences(), [queries])
  const users = useObservable(() => queries.watchUsers(), [queries])
  const [problem, setProblem] = useState<unknown>()
  const act = (done: Promise<void>): void => {
    setProblem(undefined)
    done.catch(setProblem)
  }
  if (!wants || !users) return null
  return (
    <section className={styles.section} aria-labelledby="privacy-settings">
      <h3 id="privacy-settings" className={styles.title}>
        {privacy.title}
      </h3>
      <Choice
        label={privacy.availability}
        options={AVAILABILITIES.map((value) => ({ value, words: privacy.availabilities[value] }))}
        value={wants.availability}
        onValue={(availability) => act(commands.setAvailability(availability))}
      />
      <p className={styles.note}>{privacy.availabilityText[wants.availability]}</p>
      <CheckLine
        label={privacy.receipts}
        checked={users.get(me.userId)?.receipts !== false}
        onChecked={(on) => act(commands.setReceipts(on))}
      />
      <p className={styles.note}>{privacy.receiptsText}</p>
      <div role="alert">{problem !== undefined && <p>{errorSentence(texts, problem)}</p>}</div>
    </section>
  )
}
