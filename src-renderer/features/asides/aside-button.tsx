// Beside the field: the way to speaking aside, and the choice of those who are to hear it.
import { useState } from 'react'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import type { Aside } from './use-aside.ts'
import { later } from '../../ui/later.tsx'

const RecipientsDialog = later(async () => (await import('./recipients-dialog.tsx')).RecipientsDialog)

export function AsideButton({ roomId, aside }: { roomId: string; aside: Aside }) {
  const { asides } = useTexts()
  const [choosing, setChoosing] = useState(false)
  if (!aside.possible) return null
  return (
    <>
      <IconButton icon="aside" label={asides.start} aria-haspopup="dialog" onClick={() => setChoosing(true)} />
      {choosing && (
        <RecipientsDialog
          roomId={roomId}
          userIds={aside.userIds ?? []}
          onChosen={aside.speakTo}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  )
}
