// How one is shown to others: name, status line, picture and colour. Works offline: the change waits in the outbox.
import { useCallback, useState } from 'react'
import { MAX_AVATAR_BYTES, MAX_DISPLAY_NAME_CHARS, MAX_STATUS_CHARS } from '../../../protocol/limits.ts'
import { displayNameSchema, statusSchema } from '../../../protocol/values.ts'
import { usePictureFile } from '../../platform/use-picture-file.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { ColorChoice } from '../../ui/color-choice.tsx'
import { PictureField } from '../../ui/picture-field.tsx'
import { derivedColor } from '../../ui/sign-colors.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './settings-dialog.module.css'

interface Problems {
  name?: string | undefined
  status?: string | undefined
  other?: unknown
}

/** @param account one's username and relay, which do not change */
export function ProfileForm({ account }: { account: string }) {
  const texts = useTexts()
  const { me, store } = useServices()
  const { commands, queries } = store
  const users = useObservable(() => queries.watchUsers(), [queries])
  const record = users?.get(me.userId)
  const current = record ?? me
  const [writtenName, setWrittenName] = useState<string>()
  const [writtenStatus, setWrittenStatus] = useState<string>()
  const [problems, setProblems] = useState<Problems>({})
  const failed = useCallback((error: unknown) => setProblems({ other: error }), [])
  const name = writtenName ?? current.displayName
  const status = writtenStatus ?? record?.status ?? ''
  const color = current.color ?? derivedColor(me.userId)
  const changed = {
    name: writtenName !== undefined && writtenName.trim() !== current.displayName,
    status: writtenStatus !== undefined && writtenStatus.trim() !== (record?.status ?? '')
  }
  const savePicture = useCallback(
    (avatar: string | null) => {
      commands.changeProfile({ avatar }).catch(failed)
    },
    [commands, failed]
  )
  const { problem, take, remove } = usePictureFile(MAX_AVATAR_BYTES, savePicture)

  const save = () => {
    const wrong = { name: nameProblem(), status: statusProblem() }
    setProblems(wrong)
    if (wrong.name !== undefined || wrong.status !== undefined) return
    commands
      .changeProfile({
        ...(changed.name ? { displayName: name.trim() } : {}),
        ...(changed.status ? { status: status.trim() === '' ? null : status.trim() } : {})
      })
      .then(() => {
        setWrittenName(undefined)
        setWrittenStatus(undefined)
      }, failed)
  }
  const nameProblem = () => {
    if (displayNameSchema.safeParse(name).success) return undefined
    return name.trim() === '' ? texts.signIn.missing.displayName : texts.signIn.badDisplayName(MAX_DISPLAY_NAME_CHARS)
  }
  const statusProblem = () => {
    if (status.trim() === '' || statusSchema.safeParse(status).success) return undefined
    return texts.profile.badStatus(MAX_STATUS_CHARS)
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
      <TextField
        label={texts.signIn.displayName}
        value={name}
        error={problems.name}
        autoComplete="name"
        onValue={(value) => {
          setWrittenName(value)
          setProblems({ ...problems, name: undefined })
        }}
      />
      <TextField
        label={texts.profile.status}
        placeholder={texts.profile.statusPlaceholder}
        value={status}
        error={problems.status}
        autoComplete="off"
        onValue={(value) => {
          setWrittenStatus(value)
          setProblems({ ...problems, status: undefined })
        }}
      />
      <p className={styles.account}>{account}</p>
      {(changed.name || changed.status) && (
        <Button look="primary" type="submit">
          {texts.save}
        </Button>
      )}
      <PictureField
        label={texts.picture.label}
        chooseLabel={texts.picture.choose}
        removeLabel={texts.picture.remove}
        hint={texts.picture.hint}
        preview={<Avatar id={me.userId} name={name} color={color} picture={record?.avatar} size={72} />}
        removable={record?.avatar !== undefined}
        problem={problem && texts.picture.problems[problem]}
        onFile={take}
        onRemove={remove}
      />
      <ColorChoice
        label={texts.firstRun.color}
        names={texts.colors}
        value={color}
        onValue={(chosen) => {
          commands.changeProfile({ color: chosen }).catch(failed)
        }}
      />
      <div role="alert">
        {problems.other !== undefined && <p className={styles.problem}>{errorSentence(texts, problems.other)}</p>}
      </div>
    </form>
  )
}
