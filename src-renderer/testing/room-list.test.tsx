// What the list says of a room that one is no longer in, whoever ended that.
import { render, screen } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { App } from '../app.tsx'
import { PREFERENCES_KEY } from '../platform/preferences.ts'
import { fakeServices, roomSummary } from './fake-services.tsx'

beforeEach(() => {
  window.localStorage.clear()
  window.location.hash = ''
})

it.each([
  ['en', 'No longer a member'],
  ['ko', '참여하지 않는 방']
])('says in %s that one is no member, and not who wanted it so', (language, words) => {
  window.localStorage.setItem(PREFERENCES_KEY, JSON.stringify({ language }))
  const { services, rooms } = fakeServices()
  rooms.next([roomSummary({ id: 'in', name: 'Family' }), roomSummary({ id: 'out', name: 'Work', joined: false })])
  render(<App screen={{ name: 'rooms', services }} />)
  const line = (name: RegExp) => screen.getByRole('link', { name }).textContent
  expect(line(/Work/)).toContain(`${words} ·`)
  expect(line(/Family/)).not.toContain(words)
})
