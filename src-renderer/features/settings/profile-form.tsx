// How one is shown to others: name and colour. Works offline: the change waits in the outbox.
import { useState } from 'react'
import { MAX_DISPLAY_NAME_CHARS } from '../../../protocol/limits.ts'
import { displayNameSchema } from '../../../protocol/values.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { ColorChoice } from '../../ui/color-choice.tsx'
import { derivedColor } from '../../ui/sign-colors.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './settings-dialog.module.css'

/** @param account one's username and relay, which do not change */
export function ProfileForm({ account }: { account: string }) {
  const texts = useTexts()
  const { me, store } = useServices()
  const users = useObservable(() => store.queries.watchUsers(), [store])
  const current = users?.get(me.userId) ?? me
  const [written, setWritten] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const name = written ?? current.displayName
  const color = current.color ?? derivedColor(me.userId)
  const changed = written !== undefined && written.trim() !== current.displayName
  const failed = (error: unknown) => setProblem(errorSentence(texts, error))

  const save = () => {
    if (!displayNameSchema.safeParse(name).success) {
      setProblem(
        name.trim() === '' ? texts.signIn.missing.displayName : texts.signIn.badDisplayName(MAX_DISPLAY_NAME_CHARS)
      )
      return
    }
    store.commands.changeProfile({ displayName: name.trim() }).then(() => setWritten(undefined), failed)
  }

  return (
    <form
      className={styles.profile}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <div className={styles.me}>
        <Avatar id={me.userId} name={name} color={color} size={52} />
        <div className={styles.who}>
          <TextField
            label={texts.signIn.displayName}
            value={name}
            error={problem}
            autoComplete="name"
            onValue={(value) => {
              setWritten(value)
              setProblem(undefined)
            }}
          />
        </div>
      </div>
      <p className={styles.account}>{account}</p>
      {changed && (
        <Button look="primary" type="submit">
          {texts.save}
        </Button>
      )}
      <ColorChoice
        label={texts.firstRun.color}
        names={texts.colors}
        value={color}
        onValue={(chosen) => {
          store.commands.changeProfile({ color: chosen }).catch(failed)
        }}
      />
    </form>
  )
}
