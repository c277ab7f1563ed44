import { getConfig, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { en } from '../texts/en.ts'
import { TextsProvider } from '../texts/texts-context.tsx'
import { DestinationPicker } from './destination-picker.tsx'
import type { Destination } from './use-destinations.ts'

function destination(id: string, title: string): Destination {
  return { id, title, quiet: '', room: null, person: undefined, words: [title] }
}

it('who types and presses Enter at once gets what was typed, not what is still drawn', async () => {
  const picked: string[] = []
  render(
    <TextsProvider texts={en}>
      <DestinationPicker
        label="rooms"
        hint=""
        destinations={[destination('a', 'Attic'), destination('b', 'Barn')]}
        visited={[]}
        currentId={null}
        onPick={({ id }) => picked.push(id)}
      />
    </TextsProvider>
  )
  const field = screen.getByRole<HTMLInputElement>('combobox')
  // As in a browser: the field is drawn at the end of the event, the list in a task of its own, which the test library would wait for.
  await getConfig().asyncWrapper(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, 'barn')
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await Promise.resolve()
    expect(field.value).toBe('barn')
    expect(screen.getAllByRole('option')).toHaveLength(2)
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  })
  expect(picked).toEqual(['b'])
})
