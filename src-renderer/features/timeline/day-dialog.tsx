// Which day to go to in a room.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { dayKey } from '../../texts/dates.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { seqAtTime } from './find-day.ts'

interface DayDialogProps {
  roomId: string
  headSeq: number
  /** The day to begin with: an ISO time. */
  at: string
  onClose: () => void
  /** With the seq of the first message of the day. */
  onFound: (seq: number) => void
}

export function DayDialog({ roomId, headSeq, at, onClose, onFound }: DayDialogProps) {
  const texts = useTexts()
  const services = useServices()
  const [day, setDay] = useState(() => dateOf(at))
  const [today] = useState(() => dateOf(new Date().toISOString()))
  const [failed, setFailed] = useState(false)
  const go = async () => {
    setFailed(false)
    // Midnight where the person is.
    const time = new Date(`${day}T00:00:00`).getTime()
    const seq = Number.isNaN(time) ? null : await seqAtTime(services, roomId, headSeq, time).catch(() => null)
    if (seq === null) setFailed(true)
    else onFound(seq)
  }
  const submit = () => void go()
  return (
    <Dialog
      title={texts.timeline.goToDay}
      closeLabel={texts.close}
      onClose={onClose}
      givesFocusBack={() => false}
      actions={
        <>
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button look="primary" onClick={submit}>
            {texts.timeline.go}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField
          type="date"
          label={texts.timeline.day}
          value={day}
          onValue={setDay}
          max={today}
          error={failed ? texts.timeline.placeFailed : undefined}
        />
      </form>
    </Dialog>
  )
}

/** As a field for dates wants it: 2026-02-10, by the calendar of the person. */
function dateOf(at: string): string {
  return dayKey(at).replace(/-(\d)(?=-|$)/g, '-0$1')
}
