import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hostProcessOf } from './host-process.ts'
import type { HostProcess } from './host-process.ts'
import { utilityProcess } from './testing/fake-electron.ts'
import type { FakeUtilityProcess } from './testing/fake-electron.ts'

vi.mock('electron', async () => import('./testing/fake-electron.ts'))

const onTidings = vi.fn<(tidings: unknown) => void>()
const onExit = vi.fn<(code: number) => void>()
let problems: unknown[]
let host: HostProcess
let child: FakeUtilityProcess

beforeEach(() => {
  vi.clearAllMocks()
  problems = []
  utilityProcess.forked.length = 0
  host = hostProcessOf('/app/host.js')({ onTidings, onExit, onProblem: (problem) => problems.push(problem) })
  const [forked] = utilityProcess.forked
  if (!forked) throw new Error('nothing was forked')
  child = forked.process
})

describe("the relay's process", () => {
  it('runs the entry, without the app’s input and output', () => {
    expect(utilityProcess.forked).toMatchObject([
      { modulePath: '/app/host.js', args: [], options: { stdio: ['ignore', 'ignore', 'pipe'] } }
    ])
  })

  it('is told commands, and ended', () => {
    host.send({ type: 'announce' })
    expect(child.sent).toEqual([{ type: 'announce' }])
    host.kill()
    expect(child.killed).toBe(true)
  })

  it('tells tidings, and its end', () => {
    child.emit('message', { type: 'stopped' })
    expect(onTidings.mock.calls).toEqual([[{ type: 'stopped' }]])
    child.emit('exit', 7)
    expect(onExit.mock.calls[0]?.[0]).toBe(7)
  })

  it.each([null, 'stopped', { type: 'ready', ownerCode: 'stone-lamp' }, { type: 'other' }])(
    'what is no tidings is passed over and not repeated: %j',
    (message) => {
      child.emit('message', message)
      expect(onTidings).not.toHaveBeenCalled()
      expect(problems).toHaveLength(1)
      expect(String(problems[0])).not.toContain('stone-lamp')
    }
  )

  it('what it writes is told line by line, however it comes, and never much of it', async () => {
    child.stderr.write('first\nsec')
    child.stderr.write('ond\n\n')
    child.stderr.write(`${'x'.repeat(5_000)}\n`)
    await vi.waitFor(() => expect(problems).toHaveLength(3))
    expect(problems.slice(0, 2)).toEqual(['relay: first', 'relay: second'])
    expect(String(problems[2]).length).toBeLessThan(2_100)
  })
})
