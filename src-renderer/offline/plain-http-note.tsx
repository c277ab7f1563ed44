// A quiet sentence for who came by plain http: what the browser does not do there. Goes away when it is understood, on this device for good.
import { useState } from 'react'
import { useTexts } from '../texts/texts-context.tsx'
import { Note } from '../ui/note.tsx'
import { neededToStart } from './registration.ts'

const UNDERSTOOD_KEY = 'maru.plain-http-understood'

export function PlainHttpNote() {
  const { offline } = useTexts()
  const [shown, setShown] = useState(
    () => neededToStart() === 'relay' && window.localStorage.getItem(UNDERSTOOD_KEY) === null
  )
  if (!shown) return null
  return (
    <Note
      understood={offline.understood}
      onUnderstood={() => {
        window.localStorage.setItem(UNDERSTOOD_KEY, 'yes')
        setShown(false)
      }}
    >
      {offline.needsRelay}
    </Note>
  )
}
