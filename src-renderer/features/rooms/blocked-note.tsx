// In a direct room with somebody whom one has blocked: that it is so, and the way back [S11.8].
import { useState } from 'react'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Note } from '../../ui/note.tsx'

export function BlockedNote({ userId }: { userId: string }) {
  const texts = useTexts()
  const { commands } = useServices().store
  const [problem, setProblem] = useState<unknown>()
  return (
    <Note
      understood={texts.person.unblock}
      onUnderstood={() => {
        commands.setBlock(userId, false).catch(setProblem)
      }}
    >
      {problem === undefined ? texts.person.blocked : errorSentence(texts, problem)}
    </Note>
  )
}
