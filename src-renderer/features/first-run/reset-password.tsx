// Setting a new password with a link from the owner of the relay, and signing in with it.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from '../../../protocol/limits.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { saveLastSignIn } from '../../platform/last-sign-in.ts'
import type { Accounts } from '../../services.ts'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Stage } from '../../ui/stage.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './first-run.module.css'

interface ResetPasswordProps {
  accounts: Accounts
  relayUrl: string
  username: string
  code: string
  corner?: ReactNode
}

/** Who has signed in is taken over by the composition root. */
export function ResetPassword({ accounts, relayUrl, username, code, corner }: ResetPasswordProps) {
  const texts = useTexts()
  const { resetting: words, signIn } = texts
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string>()
  const setting = useAsking()

  const submit = () => {
    const fits = password.length >= MIN_PASSWORD_CHARS && password.length <= MAX_PASSWORD_CHARS
    setProblem(fits ? undefined : signIn.badPassword(MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS))
    if (!fits) return
    setting.ask(async () => {
      await accounts.setPassword({ relayUrl, username, code, newPassword: password })
      // The link is used up: whoever comes back to this page signs in.
      goToRoom(null)
      saveLastSignIn(window.localStorage, { relayUrl, username })
      await accounts.signIn({ relayUrl, username, password })
    })
  }

  return (
    <Stage
      product={texts.productName}
      tagline={texts.tagline}
      title={words.title}
      text={words.text(username)}
      corner={corner}
    >
      <form
        className={styles.form}
        noValidate
        aria-busy={setting.busy}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <div role="alert" className={styles.alert}>
          {setting.error !== undefined && <p className={styles.problem}>{errorSentence(texts, setting.error)}</p>}
        </div>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <TextField
          label={words.newPassword}
          type="password"
          autoComplete="new-password"
          hint={signIn.newPasswordHint(MIN_PASSWORD_CHARS)}
          value={password}
          error={problem}
          onValue={(value) => {
            setPassword(value)
            setProblem(undefined)
          }}
        />
        <Button type="submit" look="primary" wide aria-disabled={setting.busy}>
          {setting.busy ? words.submitting : words.submit}
        </Button>
      </form>
    </Stage>
  )
}
