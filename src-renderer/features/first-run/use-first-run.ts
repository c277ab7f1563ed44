// What happens on the way in: what was typed, which relay is there, and what it said. Draws nothing.
import { useEffect, useState } from 'react'
import type { RelayAnswer } from '../../../protocol/rest.ts'
import { goToRoom } from '../../platform/hash-route.ts'
import { desktopBridge } from '../../platform/bridge.ts'
import type { DesktopBridge } from '../../platform/bridge.ts'
import { readInviteLink } from '../../platform/invite-link.ts'
import { saveLastSignIn } from '../../platform/last-sign-in.ts'
import type { Accounts } from '../../services.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { inviteOfAddress, startOf } from './first-step.ts'
import type { Step } from './first-step.ts'
import { displayNameProblem, problemsBeforeAsking, problemsOfFailure } from './problems.ts'
import type { Field, FormShape, Problems } from './problems.ts'
import { relayOrigin } from './relay-address.ts'
import { requireCommonVersion } from './relay-version.ts'
import { suggestUsername } from './suggest-username.ts'
import { namedBy, useCertificate } from './use-certificate.ts'

interface Known {
  url: string
  info: RelayAnswer
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
  const shell = desktopBridge()
  /** The relay that was chosen as a way; null: its address is a field of the account. */
  const [chosen, setChosen] = useState<string | null>(null)
  const certificate = useCertificate(shell, start.named)

  const creating = step !== 'sign-in'
  const shape: FormShape = { creating, relayFixed: own !== null || chosen !== null, code: codeFor(known) }
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
    if (pasted) certificate.name(namedBy(pasted))
    if (field === 'relay') certificate.forgetStop()
    setFields((before) => ({ ...before, ...written }))
    setProblems(({ [field]: _fixed, form: _form, ...others }) => others)
  }

  const failed = async (url: string, error: unknown): Promise<Problems> => {
    await certificate.noteFailure(url, error)
    return failureOf(error)
  }

  /** Asks the relay what registration wants. */
  const learnRelay = async (url: string): Promise<Known> => {
    await certificate.trust(url)
    const learnt = { url, info: await accounts.relayInfo(url) }
    setKnown(learnt)
    requireCommonVersion(learnt.info.protocol)
    return learnt
  }

  const tryToLearnRelay = async (url: string) => {
    try {
      await learnRelay(url)
    } catch (error) {
      setProblems(await failed(url, error))
    }
  }

  const lookUpRelay = () => {
    const url = originOf(fields.relay)
    if (own === null && url !== null && known?.url !== url) void tryToLearnRelay(url)
  }

  const attempt = async (url: string) => {
    await certificate.trust(url)
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
      refuse(await failed(url, error))
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
    setStep(chosen === null && own === null && hasWays(shell) && start.fields.relay === '' ? 'ways' : 'relay')
  }

  /** On to the account there, or to signing in where this app's own relay has an owner. */
  const choose = (relay: { url: string; code?: string; fingerprint?: string }, next: Step = 'relay') => {
    setFields((before) => ({ ...before, relay: relay.url, invite: relay.code ?? before.invite }))
    certificate.name(namedBy({ ...relay, relayUrl: relay.url }))
    setChosen(relay.url)
    setProblems({})
    setStep(next)
    setWanted(relay.url)
  }

  /** With the address or invite that was written. */
  const goWithWritten = () => {
    const url = originOf(fields.relay)
    if (url === null) {
      refuse({ relay: fields.relay.trim() === '' ? texts.signIn.missing.relay : texts.signIn.badRelay })
      return
    }
    const fingerprint = certificate.of(url)
    choose({ url, ...(fingerprint === null ? {} : { fingerprint }) })
  }

  const chooseAgain = () => {
    setChosen(null)
    setFields((before) => ({ ...before, relay: '', invite: '' }))
    certificate.name(null)
    goTo('ways')
  }

  const goBack = () => {
    if (chosen === null) goTo('who')
    else chooseAgain()
  }

  const goTo = (other: Step) => {
    setStep(other)
    setProblems({})
    certificate.forgetStop()
  }

  // Once what was chosen is what this component knows.
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => {
    if (wanted === null) return
    setWanted(null)
    if (known?.url !== wanted) void tryToLearnRelay(wanted)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each choice
  }, [wanted])

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
    /** Of the relay that is written in or chosen, where it has made its own. */
    fingerprint: certificate.of(originOf(fields.relay)),
    chosen,
    changed: certificate.changed,
    setField,
    setColor,
    lookUpRelay,
    submit,
    goOn,
    goTo,
    choose,
    goWithWritten,
    chooseAgain,
    goBack,
    forgetCertificate: async () => certificate.forget(fields.invite)
  }
}

/** Whether there are ways to a relay besides its address. */
function hasWays(shell: DesktopBridge | null): boolean {
  return shell?.findRelays !== undefined || shell?.host !== undefined
}

function codeFor(known: Known | null): FormShape['code'] {
  if (known?.info.registration !== 'invite') return 'none'
  return known.info.hasOwner ? 'invite' : 'owner'
}
