// Choosing the rooms and people that a message's words are to go to, as a new message of one's own (decision 18).
import { useId, useMemo, useRef, useState } from 'react'
import { DestinationPicker } from '../../destinations/destination-picker.tsx'
import type { Visits } from '../../destinations/found.ts'
import { useDestinations } from '../../destinations/use-destinations.ts'
import type { Destination } from '../../destinations/use-destinations.ts'
import type { Said } from '../../platform/message-acts.tsx'
import { useServices } from '../../services-context.tsx'
import { codeOf, errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { nameOf } from '../../texts/words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './forward-dialog.module.css'
import { sendOn } from './send-on.ts'
import type { Progress } from './send-on.ts'
import { useSaid } from './use-said.ts'

interface ForwardDialogProps {
  item: Said
  /** The room in whose timeline it stands. */
  roomId: string
  /** With what the places are called that have it now. */
  onSent: (titles: readonly string[]) => void
  onClose: () => void
}

const EXCERPT_CHARS = 300
const mayWrite = ({ room }: Destination) => !room || room.may.write

export function ForwardDialog({ item, roomId, onSent, onClose }: ForwardDialogProps) {
  const texts = useTexts()
  const { forward } = texts
  const { me, store } = useServices()
  const formId = useId()
  const all = useDestinations({ withSelf: true })
  const destinations = useMemo(() => all.filter(mayWrite), [all])
  const users = useObservable(() => store.queries.watchUsers(), [store]) ?? new Map()
  const body = useSaid(item, roomId)
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set())
  const [own, setOwn] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [sending, setSending] = useState(false)
  const progress = useRef<Progress>({ sent: new Set(), begun: new Set() })
  const visits: Visits = { visited: NONE, currentId: roomId }

  const toggle = ({ id }: { id: string }) => {
    const next = new Set(chosenIds)
    if (!next.delete(id)) next.add(id)
    setChosenIds(next)
  }
  // A room may be closed while one chooses.
  const chosen = destinations.filter(({ id }) => chosenIds.has(id))
  const name = (userId: string) => (userId === me.userId ? texts.you : nameOf(texts, users, userId))
  const others = item.aside?.userIds.filter((userId) => userId !== me.userId).map(name)

  const send = async (words: string) => {
    setSending(true)
    setProblem(undefined)
    try {
      await sendOn(store.commands, me.userId, chosen, { own: own.trim(), body: words }, progress.current)
      onSent(chosen.map(({ title }) => title))
      onClose()
    } catch (error) {
      setProblem(error)
      setSending(false)
    }
  }

  return (
    <Dialog
      title={forward.title}
      closeLabel={texts.close}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button
            type="submit"
            form={formId}
            look={others ? 'danger' : 'primary'}
            disabled={chosen.length === 0 || body === null || sending}
          >
            {others ? forward.sendAnyway : forward.send}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (body !== null && chosen.length > 0 && !sending) void send(body)
        }}
      >
        {others && (
          <p className={styles.warning} role="note">
            <Icon name="aside" size={20} />
            <span>{forward.asideWarning(others)}</span>
          </p>
        )}
        <blockquote className={styles.said}>
          <p className={styles.author}>{name(item.authorId)}</p>
          <p className={styles.words} dir="auto">
            {body === null ? texts.timeline.deleted : body.slice(0, EXCERPT_CHARS)}
          </p>
        </blockquote>
        <DestinationPicker
          label={forward.to}
          hint={forward.hint}
          destinations={destinations}
          chosen={chosenIds}
          onPick={toggle}
          {...visits}
        />
        {chosen.length > 0 && (
          <ul className={styles.chosen} aria-label={forward.chosen}>
            {chosen.map((each) => (
              <li key={each.id}>
                <button
                  type="button"
                  className={styles.chip}
                  aria-label={forward.leaveOut(each.title)}
                  onClick={() => toggle(each)}
                >
                  <span className={styles.chipName}>{each.title}</span>
                  <Icon name="close" size={16} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <TextField label={forward.own} value={own} onValue={setOwn} autoComplete="off" />
        <div role="alert">
          {body === null && <p className={styles.problem}>{forward.deleted}</p>}
          {problem !== undefined && (
            <p className={styles.problem}>
              {codeOf(problem) === undefined ? forward.failed : errorSentence(texts, problem)}
            </p>
          )}
        </div>
      </form>
    </Dialog>
  )
}

const NONE: readonly string[] = []
