// What happens on the way in: what was typed, which relay is there, and what it said. Draws nothing.
import { useState } from 'react'
import type { RelayAnswer } from '../../../protocol/rest.ts'
import { AVATAR_COLORS } from '../../../protocol/values.ts'
import type { AvatarColor } from '../../../protocol/values.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { codeOfHash, readInviteLink } from '../../platform/invite-link.ts'
import { loadLastSignIn, saveLastSignIn } from '../../platform/last-sign-in.ts'
import type { Accounts } from '../../services.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { displayNameProblem, problemsBeforeAsking, problemsOfFailure } from './problems.ts'
import type { Field, Fields, FormShape, Problems } from './problems.ts'
import { relayOrigin } from './relay-address.ts'
import { requireCommonVersion } from './relay-version.ts'
import { suggestUsername } from './suggest-username.ts'

/** Two of the three screens, and the door for who has an account. The third is the first room. */
export type Step = 'who' | 'relay' | 'sign-in'

interface Known {
  url: string
  info: RelayAnswer
}

interface Start {
  step: Step
  fields: Fields
  color: AvatarColor
}

function startOf({ ownRelay }: Accounts): Start {
  const brought = inviteOfAddress()
  const invite = brought?.code ?? ''
  const last = loadLastSignIn(window.localStorage)
  const returning = last !== null && invite === '' && (ownRelay === null || ownRelay.url === last.relayUrl)
  const closed = ownRelay?.info.registration === 'closed' && ownRelay.info.hasOwner
  return {
    step: returning || closed ? 'sign-in' : 'who',
    fields: {
      relay: (returning && last.relayUrl) || brought?.relayUrl || '',
      username: (returning && last.username) || '',
      displayName: '',
      password: '',
      invite
    },
    color: AVATAR_COLORS[Math.floor(Math.random() * AVATAR_COLORS.length)] ?? 'amber'
  }
}

export function useFirstRun(accounts: Accounts, onSignedUp: () => void) {
  const texts = useTexts()
  const own = accounts.ownRelay
  const [start] = useState(() => startOf(accounts))
  const [step, setStep] = useState(start.step)
  const [fields, setFields] = useState(start.fields)
  const [color, setColor] = useState(start.color)
  const [known, setKnown] = useState<Known | null>(own)
  const [problems, setProblems] = useState<Problems>({})
  /** Grows with each attempt that found something wrong: only then may the cursor move. */
  const [attempts, setAttempts] = useState(0)
  const [busy, setBusy] = useState(false)

  const creating = step !== 'sign-in'
  const shape: FormShape = { creating, relayFixed: own !== null, code: codeFor(known) }
  const originOf = (text: string) => own?.url ?? relayOrigin(text, window.location.protocol === 'https:')
  const failureOf = (error: unknown) => problemsOfFailure(texts, error, shape, window.navigator.onLine)

  const refuse = (found: Problems) => {
    setProblems(found)
    setAttempts((before) => before + 1)
    if (creating && found.displayName !== undefined) setStep('who')
  }

  const setField = (field: Field, value: string) => {
    const pasted = field === 'relay' ? readInviteLink(value) : null
    const written = pasted ? { relay: pasted.relayUrl, invite: pasted.code } : { [field]: value }
    setFields((before) => ({ ...before, ...written }))
    setProblems(({ [field]: _fixed, form: _form, ...others }) => others)
  }

  /** Asks the relay what registration wants. */
  const learnRelay = async (url: string): Promise<Known> => {
    const learnt = { url, info: await accounts.relayInfo(url) }
    setKnown(learnt)
    requireCommonVersion(learnt.info.protocol)
    return learnt
  }

  const tryToLearnRelay = async (url: string) => {
    try {
      await learnRelay(url)
    } catch (error) {
      setProblems(failureOf(error))
    }
  }

  const lookUpRelay = () => {
    const url = originOf(fields.relay)
    if (own === null && url !== null && known?.url !== url) void tryToLearnRelay(url)
  }

  const attempt = async (url: string) => {
    const relay = known?.url === url ? known : await learnRelay(url)
    requireCommonVersion(relay.info.protocol)
    const { username, password, displayName, invite } = fields
    if (!creating) {
      await accounts.signIn({ relayUrl: url, username, password })
    } else {
      const code = codeFor(relay)
      const unseen = problemsBeforeAsking(texts, fields, { ...shape, code }, true)
      if (Object.keys(unseen).length > 0) {
        refuse(unseen)
        return
      }
      const withCode = code === 'none' ? {} : { invite: invite.trim() }
      await accounts.signUp({ relayUrl: url, username, password, displayName, color, ...withCode })
      if (inviteOfAddress() !== null) goToRoom(null)
      onSignedUp()
    }
    saveLastSignIn(window.localStorage, { relayUrl: url, username })
  }

  const submit = async () => {
    if (busy) return
    const url = originOf(fields.relay)
    const before = problemsBeforeAsking(texts, fields, shape, url !== null)
    setProblems(before)
    if (url === null || Object.keys(before).length > 0) {
      refuse(before)
      return
    }
    setBusy(true)
    try {
      await attempt(url)
    } catch (error) {
      refuse(failureOf(error))
      // What the relay asks for may have changed: somebody else may own it by now.
      if (creating) await tryToLearnRelay(url)
    }
    setBusy(false)
  }

  /** From the name to the relay, with a username to begin with. */
  const goOn = () => {
    const displayName = displayNameProblem(texts, fields.displayName)
    if (displayName !== undefined) {
      refuse({ displayName })
      return
    }
    const { username } = fields
    setFields({ ...fields, username: username === '' ? suggestUsername(fields.displayName) : username })
    setProblems({})
    setStep('relay')
  }

  const goTo = (other: Step) => {
    setStep(other)
    setProblems({})
  }

  const found = known !== null && known.url === originOf(fields.relay)
  const closed = known?.info.registration === 'closed'
  return {
    step,
    fields,
    color,
    shape,
    problems,
    attempts,
    busy,
    /** The relay that is written in answers, and is one. */
    found,
    /** It takes no new accounts. */
    closed,
    /** The invite that the page was opened with. */
    invited: own !== null && start.fields.invite !== '' ? { relayUrl: own.url, code: start.fields.invite } : null,
    setField,
    setColor,
    lookUpRelay,
    submit,
    goOn,
    goTo
  }
}

/** What the page was opened with. */
function inviteOfAddress(): { code: string; relayUrl?: string } | null {
  const brought = codeOfHash(window.location.hash)
  return brought?.kind === 'join' ? brought : null
}

function codeFor(known: Known | null): FormShape['code'] {
  if (known?.info.registration !== 'invite') return 'none'
  return known.info.hasOwner ? 'invite' : 'owner'
}
