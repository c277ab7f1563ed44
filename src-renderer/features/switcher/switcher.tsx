// Going to a room or a person by a few letters of the name. Loaded when it is first opened.
import { useState } from 'react'
import { DestinationPicker } from '../../destinations/destination-picker.tsx'
import { openDestination, useDestinations } from '../../destinations/use-destinations.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface SwitcherProps {
  currentRoomId: string | null
  /** Ids of the rooms that were open, the latest first. */
  visited: readonly string[]
  onClose: () => void
}

export function Switcher({ currentRoomId, visited, onClose }: SwitcherProps) {
  const texts = useTexts()
  const { me, store } = useServices()
  const destinations = useDestinations({ withSelf: false })
  const [problem, setProblem] = useState<unknown>()
  return (
    <Dialog title={texts.switcher.title} closeLabel={texts.close} onClose={onClose}>
      <DestinationPicker
        label={texts.switcher.title}
        hint={texts.switcher.hint}
        destinations={destinations}
        visited={visited}
        currentId={currentRoomId}
        onPick={(destination) => {
          openDestination(store.commands, me.userId, destination).then((roomId) => {
            goToRoom(roomId)
            onClose()
          }, setProblem)
        }}
      />
      <div role="alert">{problem !== undefined && <p>{errorSentence(texts, problem)}</p>}</div>
    </Dialog>
  )
}
