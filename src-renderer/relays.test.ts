// @vitest-environment happy-dom
// Several relays at once: each opens and fails by itself, one is in front. Profiles are made here; what is in them is not looked at.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Profile } from './profile.ts'
import { openRelays } from './relays.ts'
import type { Ahead, ProfileHooks } from './relays.ts'
import type { Services } from './services.ts'
import { openSessions } from './session.ts'
import type { Session, StoredSession } from './session.ts'
import { OwnDataUnreadableError } from './store/own-data-unreadable.ts'

function sessionAt(name: string, addedAt: number): Session {
  const user = { id: `${name}-me`, username: 'minji', displayName: 'Minji', role: 'member' } as const
  return {
    relayUrl: `http://${name}.test`,
    relayId: name,
    deviceId: `${name}-device`,
    token: `${name}-token`,
    user,
    addedAt
  }
}
const [home, work, club] = [sessionAt('home', 1), sessionAt('work', 2), sessionAt('club', 3)]

/** What was done, in order. */
let done: string[]
let problems: unknown[]
let hash: string
beforeEach(() => {
  window.localStorage.clear()
  ;[done, problems, hash] = [[], [], '#/']
})

function profileOf({ relayId }: StoredSession): Profile {
  const services = {
    openRoom: (roomId: string | null) => done.push(`${relayId} looks at ${roomId}`)
  } as unknown as Services
  return { services, stop: async () => void done.push(`${relayId} stops`) }
}

/** @param opens how a relay opens that does not just do so */
function signedInAt(sessions: readonly Session[], opens: Record<string, () => Promise<void>> = {}) {
  const kept = openSessions({ storage: window.localStorage, secret: null })
  for (const session of sessions) kept.keep(session).catch(() => undefined)
  const hooks = new Map<string, ProfileHooks>()
  const relays = openRelays({
    sessions: kept,
    async open(session, told) {
      done.push(`${session.relayId} opens`)
      hooks.set(session.relayId, told)
      await opens[session.relayId]?.()
      return profileOf(session)
    },
    address: {
      hash: () => hash,
      replace: (to) => (hash = to),
      follow: (to) => {
        done.push(`follows ${to}`)
        hash = to
      }
    },
    onChange: () => undefined,
    onProblem: (problem) => problems.push(problem)
  })
  const states = () => relays.list().map(({ relayId, state }) => `${relayId} ${state}`)
  const front = () => relays.front()?.session.relayId ?? null
  const hook = (relayId: string): ProfileHooks => {
    const found = hooks.get(relayId)
    if (!found) throw new Error(`${relayId} was not opened`)
    return found
  }
  return { relays, kept, states, front, hook }
}

const idle = async () => void done.push('idle')

describe('a start', () => {
  it('opens the one in front, and the others when it is there and there is time', async () => {
    const { relays, kept, states } = signedInAt([home, work, club])
    kept.bringToFront('work')
    const again = signedInAt([])
    await again.relays.start(idle)
    expect(done).toEqual(['work opens', 'idle', 'home opens', 'idle', 'club opens'])
    expect(again.states()).toEqual(['home open', 'work open', 'club open'])
    expect(again.front()).toBe('work')
    expect([relays.list(), states()]).toEqual([[], []])
  })

  it('shows what there is ahead of the one in front, which goes on showing that', async () => {
    const { relays } = signedInAt([home, work])
    const services = { ...profileOf(home).services }
    const told: string[] = []
    const ahead: Ahead = {
      services,
      opened: () => told.push('opened'),
      failed: () => told.push('failed'),
      close: () => told.push('closed')
    }
    relays.showAhead(ahead)
    expect(relays.front()?.services).toBe(services)
    expect(done).toEqual([])
    await relays.start(idle)
    expect(relays.front()?.services).toBe(services)
    expect(told).toEqual(['opened', 'closed'])
  })

  it.each(['home', 'work'])('goes on with the others where %s cannot be read', async (broken) => {
    const error = new OwnDataUnreadableError('own', new Error('broken'))
    const { relays, states } = signedInAt([home, work, club], { [broken]: async () => Promise.reject(error) })
    await relays.start(idle)
    expect(states()).toEqual(['home', 'work', 'club'].map((id) => `${id} ${id === broken ? 'unreadable' : 'open'}`))
    expect(problems).toEqual([error])
    relays.bringToFront(broken)
    expect(relays.front()).toMatchObject({ state: 'unreadable', error, services: null })
    expect(relays.profiles()).toHaveLength(2)
  })
})

describe('going from one to another', () => {
  it('each is where one left it, and nobody looks at a room of the one behind', async () => {
    const { relays, front, kept } = signedInAt([home, work])
    await relays.start(idle)
    done = []
    hash = '#/room/kitchen'
    relays.bringToFront('work')
    expect([front(), hash, kept.front()?.relayId]).toEqual(['work', '#/', 'work'])
    expect(done).toEqual(['home looks at null'])
    hash = '#/room/plans'
    relays.bringToFront('home')
    expect([front(), hash]).toEqual(['home', '#/room/kitchen'])
    relays.bringToFront('work', '#/room/lunch/message/3')
    expect([front(), hash]).toEqual(['work', '#/room/lunch/message/3'])
  })

  it('to where one is follows the address, and nowhere changes nothing', async () => {
    const { relays, front } = signedInAt([home, work])
    await relays.start(idle)
    done = []
    relays.bringToFront('home', '#/room/kitchen')
    expect(done).toEqual(['follows #/room/kitchen'])
    relays.bringToFront('home')
    relays.bringToFront('nowhere', '#/room/kitchen')
    expect([front(), hash]).toEqual(['home', '#/room/kitchen'])
  })

  it('one that is not open yet is opened at once, and once', async () => {
    const { relays, states } = signedInAt([home, work])
    const started = relays.start(async () => relays.bringToFront('work'))
    await started
    expect(done.filter((what) => what === 'work opens')).toHaveLength(1)
    expect(states()).toEqual(['home open', 'work open'])
  })

  it('an address of another program finds who is signed in there', () => {
    const { relays } = signedInAt([home, work])
    expect([relays.at('http://work.test'), relays.at('http://else.test')]).toEqual(['work', null])
  })
})

describe('the way in', () => {
  it('comes before them and leads back; they go on', async () => {
    const { relays, front } = signedInAt([home, work])
    await relays.start(idle)
    done = []
    hash = '#/room/kitchen'
    relays.stepBack('#/join/apple')
    relays.stepBack('#/')
    expect([front(), hash, relays.list().length, relays.profiles().length]).toEqual([null, '#/join/apple', 2, 2])
    relays.bringToFront('home')
    expect([front(), hash]).toEqual(['home', '#/room/kitchen'])
    expect(done).toEqual(['home looks at null'])
  })

  it('brings another one, which is in front when it is there, at the address that it came with', async () => {
    const { relays, front, states } = signedInAt([home])
    await relays.start(idle)
    relays.stepBack('#/join/apple')
    const adding = relays.add(work)
    expect(front()).toBeNull()
    await adding
    expect([front(), hash, states()]).toEqual(['work', '#/join/apple', ['home open', 'work open']])
  })

  it('brings the same one again: the profile that was there ends before, others do not', async () => {
    const { relays, front, kept } = signedInAt([home, work])
    await relays.start(idle)
    done = []
    relays.stepBack('#/')
    await relays.add({ ...home, token: 'new' })
    expect(done).toEqual(['home looks at null', 'home stops', 'home opens'])
    expect([front(), kept.all().map(({ token }) => token)]).toEqual(['home', ['new', 'work-token']])
  })

  it('brings the first one', async () => {
    const { relays, front } = signedInAt([])
    await relays.start(idle)
    expect([front(), relays.list()]).toEqual([null, []])
    await relays.add(home)
    expect(front()).toBe('home')
  })
})

describe('signing out', () => {
  it('of the one in front leads to another one, which was running all along', async () => {
    const { relays, front, hook, states, kept } = signedInAt([home, work])
    await relays.start(idle)
    done = []
    hash = '#/room/kitchen'
    hook('home').onSignedOut({ forgetDevice: null })
    expect([front(), hash, states()]).toEqual(['work', '#/', ['work open']])
    expect([done, kept.all().length]).toEqual([[], 1])
    hook('work').onSignedOut({ forgetDevice: null })
    expect([front(), relays.list(), kept.all()]).toEqual([null, [], []])
  })

  it('of one that is still being opened lets nothing of it run on', async () => {
    let open = (): void => {}
    const { relays, hook, states } = signedInAt([home, work], {
      home: async () => new Promise<void>((resolve) => (open = resolve))
    })
    const started = relays.start(idle)
    hook('home').onSignedOut({ forgetDevice: null })
    open()
    await started
    expect(done).toContain('home stops')
    expect(states()).toEqual(['work open'])
  })
})

it('[S2.4] one that goes on as another device is kept so, and stays where it is', async () => {
  const { relays, hook, kept, front } = signedInAt([home, work])
  await relays.start(idle)
  hook('work').onRenewed({ ...work, deviceId: 'new', token: 'new' })
  expect(kept.all().map(({ deviceId }) => deviceId)).toEqual(['home-device', 'new'])
  expect(front()).toBe('home')
})
