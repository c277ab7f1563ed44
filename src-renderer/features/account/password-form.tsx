// Changing one's password. Signs all other devices out.
import { useState } from 'react'
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from '../../../protocol/limits.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './account.module.css'

export function PasswordForm() {
  const texts = useTexts()
  const { account: words, signIn } = texts
  const { account } = useServices()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const [problem, setProblem] = useState<{ current?: string; wanted?: string }>({})
  const [done, setDone] = useState(false)
  const changing = useAsking()

  const submit = () => {
    const fits = wanted.length >= MIN_PASSWORD_CHARS && wanted.length <= MAX_PASSWORD_CHARS
    const found = {
      ...(current === '' ? { current: signIn.missing.password } : {}),
      ...(fits ? {} : { wanted: signIn.badPassword(MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS) })
    }
    setProblem(found)
    setDone(false)
    if (Object.keys(found).length > 0) return
    changing.ask(
      async () => account.changePassword(current, wanted),
      () => {
        setCurrent('')
        setWanted('')
        setDone(true)
      }
    )
  }

  return (
    <form
      className={styles.section}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <h3 className={styles.heading}>{words.password}</h3>
      <TextField
        label={words.currentPassword}
        type="password"
        autoComplete="current-password"
        value={current}
        error={problem.current}
        onValue={setCurrent}
      />
      <TextField
        label={words.newPassword}
        type="password"
        autoComplete="new-password"
        hint={signIn.newPasswordHint(MIN_PASSWORD_CHARS)}
        value={wanted}
        error={problem.wanted}
        onValue={setWanted}
      />
      <div role="alert">
        {changing.error !== undefined && <p className={styles.problem}>{errorSentence(texts, changing.error)}</p>}
      </div>
      <output className={styles.quiet}>{done ? words.changed : ''}</output>
      <Button type="submit" aria-disabled={changing.busy}>
        {changing.busy ? words.changing : words.changePassword}
      </Button>
    </form>
  )
}
