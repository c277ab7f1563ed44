// What the list says of a room that one is no longer in, whoever ended that.
import { render, screen } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { App } from '../app.tsx'
import { PREFERENCES_KEY } from '../platform/preferences.ts'
import { fakeServices, roomSummary, timelineItem } from './fake-services.tsx'

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

it('a draft or message of 100,000 characters is no more than a line of the list', () => {
  window.localStorage.setItem(PREFERENCES_KEY, JSON.stringify({ language: 'en' }))
  const { services, rooms } = fakeServices()
  const long = `\n 가나다 ${'라마바 '.repeat(25_000)}`
  rooms.next([
    roomSummary({ id: 'a', name: 'Family', draft: long }),
    roomSummary({ id: 'b', name: 'Work', last: timelineItem({ body: long }) })
  ])
  render(<App screen={{ name: 'rooms', services }} />)
  for (const name of [/Family/, /Work/]) {
    const line = screen.getByRole('link', { name }).textContent
    expect(line).toContain('가나다 라마바')
    expect(line.length).toBeLessThan(400)
  }
})
