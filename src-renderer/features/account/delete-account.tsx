// Deleting one's account: says what goes and what stays, asks for the password, and wipes this device afterwards.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import styles from './account.module.css'

export function DeleteAccount({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const { account: words } = texts
  const services = useServices()
  const [password, setPassword] = useState('')
  const deleting = useAsking()
  const submit = () => {
    if (password === '') return
    deleting.ask(async () => {
      await services.account.deleteAccount(password)
      await services.signOut({ wipe: true })
    })
  }
  return (
    <Dialog
      title={words.deleteTitle}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button look="danger" aria-disabled={deleting.busy || password === ''} onClick={submit}>
            {deleting.busy ? words.deleting : words.deleteNow}
          </Button>
        </>
      }
    >
      <form
        className={styles.section}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p>{words.deleteText}</p>
        <TextField
          label={words.deleteAsk}
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
        />
        <div role="alert">
          {deleting.error !== undefined && <p className={styles.problem}>{errorSentence(texts, deleting.error)}</p>}
        </div>
      </form>
    </Dialog>
  )
}
