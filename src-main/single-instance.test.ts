import { beforeEach, describe, expect, it, vi } from 'vitest'
import { becomeOnlyInstance, comeForwardWhenCalled } from './single-instance.ts'
import { app } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

beforeEach(() => {
  app.removeAllListeners()
  app.locked = true
})

describe('one app per profile', () => {
  it('the second one learns that it is to quit', () => {
    expect(becomeOnlyInstance()).toBe(true)
    app.locked = false
    expect(becomeOnlyInstance()).toBe(false)
  })

  it.each(['second-instance', 'open-url', 'activate'])('the first one comes forward: %s', (event) => {
    const comeForward = vi.fn<() => void>()
    comeForwardWhenCalled(comeForward)
    expect(comeForward).not.toHaveBeenCalled()
    app.emit(event)
    expect(comeForward).toHaveBeenCalledOnce()
  })
})
