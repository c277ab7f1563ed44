// Says once that what was stored of the rooms could not be read and is fetched anew.
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Note } from '../../ui/note.tsx'

export function RebuiltNote() {
  const { connection, offline } = useTexts()
  const { recordsRebuilt } = useServices()
  const [understood, setUnderstood] = useState(false)
  if (recordsRebuilt !== true || understood) return null
  return (
    <Note understood={offline.understood} onUnderstood={() => setUnderstood(true)}>
      {connection.rebuilt}
    </Note>
  )
}
