// The fields of the sign-in screen, each with its hint and its problem.
import { useState } from 'react'
import * as limits from '../../../protocol/limits.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { SignInField, SignInFields, SignInProblems, SignInShape } from './sign-in-problems.ts'
import styles from './sign-in.module.css'

interface SignInFieldsetProps {
  fields: SignInFields
  shape: SignInShape
  problems: SignInProblems
  /** The relay that is fixed, or null for a field. */
  relayAddress: string | null
  onField: (field: SignInField, value: string) => void
  /** The person is done with the address. */
  onRelayDone: () => void
}

export function SignInFieldset({ fields, shape, problems, relayAddress, onField, onRelayDone }: SignInFieldsetProps) {
  const { signIn } = useTexts()
  const [passwordShown, setPasswordShown] = useState(false)
  const bind = (name: SignInField) => ({
    name,
    value: fields[name],
    error: problems[name],
    onValue: (value: string) => onField(name, value)
  })
  return (
    <>
      {relayAddress === null ? (
        <TextField
          {...bind('relay')}
          label={signIn.relay}
          hint={signIn.relayHint}
          inputMode="url"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
          onBlur={onRelayDone}
        />
      ) : (
        <p className={styles.relay}>{signIn.relayLine(hostOf(relayAddress))}</p>
      )}
      <TextField
        {...bind('username')}
        label={signIn.username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        {...(shape.creating ? { hint: signIn.usernameHint } : {})}
      />
      {shape.creating && (
        <TextField
          {...bind('displayName')}
          label={signIn.displayName}
          hint={signIn.displayNameHint}
          autoComplete="name"
        />
      )}
      <TextField
        {...bind('password')}
        label={signIn.password}
        type={passwordShown ? 'text' : 'password'}
        autoComplete={shape.creating ? 'new-password' : 'current-password'}
        autoCapitalize="none"
        spellCheck={false}
        {...(shape.creating ? { hint: signIn.newPasswordHint(limits.MIN_PASSWORD_CHARS) } : {})}
        trailing={
          <IconButton
            icon={passwordShown ? 'eye-off' : 'eye'}
            label={passwordShown ? signIn.hidePassword : signIn.showPassword}
            onClick={() => setPasswordShown(!passwordShown)}
          />
        }
      />
      {shape.creating && shape.code !== 'none' && (
        <TextField
          {...bind('invite')}
          label={shape.code === 'owner' ? signIn.ownerCode : signIn.inviteCode}
          hint={shape.code === 'owner' ? signIn.ownerCodeHint : signIn.inviteCodeHint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </>
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
