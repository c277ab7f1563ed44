// The fields of an account on a relay, each with its hint and its problem.
import { useState } from 'react'
import * as limits from '../../../protocol/limits.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { Field, Fields, Problems, FormShape } from './problems.ts'
import styles from './first-run.module.css'

interface AccountFieldsProps {
  fields: Fields
  shape: FormShape
  problems: Problems
  /** The relay that is fixed, or null for a field. */
  relayAddress: string | null
  /** A relay answers at the address that is written in. */
  found: boolean
  onField: (field: Field, value: string) => void
  /** The person is done with the address. */
  onRelayDone: () => void
}

export function AccountFields({
  fields,
  shape,
  problems,
  relayAddress,
  found,
  onField,
  onRelayDone
}: AccountFieldsProps) {
  const { signIn } = useTexts()
  const [passwordShown, setPasswordShown] = useState(false)
  const bind = (name: Field) => ({
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
          hint={found ? signIn.relayFound : signIn.relayHint}
          inputMode="url"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
          onBlur={onRelayDone}
        />
      ) : (
        <p className={styles.relay}>
          <Icon name="home" size={18} />
          <span>{signIn.relayLine(hostOf(relayAddress))}</span>
        </p>
      )}
      <TextField
        {...bind('username')}
        label={signIn.username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        {...(shape.creating ? { hint: signIn.usernameHint } : {})}
      />
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
