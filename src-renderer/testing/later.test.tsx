import { render, screen } from '@testing-library/react'
import { Component } from 'react'
import type { ReactNode } from 'react'
import { expect, it, vi } from 'vitest'
import { later, loadLater } from '../ui/later.tsx'

class Guard extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    return this.state.failed ? <p>failed</p> : this.props.children
  }
}

it('a part is loaded once, when it is shown or when there is time', async () => {
  const load = vi.fn<() => Promise<(props: { name: string }) => ReactNode>>(async () => ({ name }) => <p>{name}</p>)
  const Part = later(load)
  expect(load).not.toHaveBeenCalled()
  await loadLater()
  expect(load).toHaveBeenCalledOnce()
  render(<Part name="here" />)
  await screen.findByText('here')
  expect(load).toHaveBeenCalledOnce()
})

it('what could not be loaded ahead is asked for again when it is shown', async () => {
  const load = vi.fn<() => Promise<() => ReactNode>>(async () => () => <p>there after all</p>)
  load.mockRejectedValueOnce(new Error('no network'))
  const Part = later(load)
  await expect(loadLater()).rejects.toThrow('no network')
  render(
    <Guard>
      <Part />
    </Guard>
  )
  await screen.findByText('there after all')
  expect(load).toHaveBeenCalledTimes(2)
})
