// What a room presents itself with in words, as it is written when it is made and when it is changed: its name and its topic, and what is wrong with them.
import { useState } from 'react'
import { roomNameProblem, topicProblem } from '../../texts/room-name.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { TextField } from '../../ui/text-field.tsx'

interface Problems {
  name?: string | undefined
  topic?: string | undefined
}

export interface RoomWords {
  name: string
  topic: string
  problems: Problems
  setName: (name: string) => void
  setTopic: (topic: string) => void
  /** Says what is wrong, if anything is. Name and topic as they may be sent, trimmed; null: they may not. */
  check: () => { name: string; topic: string } | null
}

/** Begins with what there is. */
export function useRoomWords(begin: { name: string; topic: string }): RoomWords {
  const texts = useTexts()
  const [name, setName] = useState(begin.name)
  const [topic, setTopic] = useState(begin.topic)
  const [problems, setProblems] = useState<Problems>({})
  return {
    name,
    topic,
    problems,
    setName(value) {
      setName(value)
      setProblems({ ...problems, name: undefined })
    },
    setTopic(value) {
      setTopic(value)
      setProblems({ ...problems, topic: undefined })
    },
    check() {
      const wrong = { name: roomNameProblem(texts, name), topic: topicProblem(texts, topic) }
      setProblems(wrong)
      return wrong.name === undefined && wrong.topic === undefined ? { name: name.trim(), topic: topic.trim() } : null
    }
  }
}

export function NameField({ words, problem }: { words: RoomWords; problem?: string | undefined }) {
  const { newRoom } = useTexts()
  return (
    <TextField
      label={newRoom.name}
      placeholder={newRoom.namePlaceholder}
      value={words.name}
      error={words.problems.name ?? problem}
      autoComplete="off"
      onValue={words.setName}
    />
  )
}

export function TopicField({ words }: { words: RoomWords }) {
  const { newKind } = useTexts()
  return (
    <TextField
      label={newKind.topic}
      placeholder={newKind.topicPlaceholder}
      value={words.topic}
      error={words.problems.topic}
      autoComplete="off"
      onValue={words.setTopic}
    />
  )
}
