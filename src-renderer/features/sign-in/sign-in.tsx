// The screen of who is not signed in: signing in, or creating an account, on one relay. Knows nothing of rooms.
import { useEffect, useRef, useState } from 'react'
import type { RelayAnswer } from '../../../protocol/rest.ts'
import type { Accounts } from '../../services.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { relayOrigin } from './relay-address.ts'
import { SignInFieldset } from './sign-in-fieldset.tsx'
import { FIELD_ORDER, problemsBeforeAsking, problemsOfFailure } from './sign-in-problems.ts'
import type { SignInField, SignInFields, SignInProblems, SignInShape } from './sign-in-problems.ts'
import styles from './sign-in.module.css'

const EMPTY: SignInFields = { relay: '', username: '', displayName: '', password: '', invite: '' }

interface Known {
  url: string
  info: RelayAnswer
}

/** Who signs in here is taken over by the composition root: this screen does not wait for anything after success. */
export function SignIn({ accounts }: { accounts: Accounts }) {
  const texts = useTexts()
  const own = accounts.ownRelay
  const [fields, setFields] = useState(EMPTY)
  const [creating, setCreating] = useState(own !== null && !own.info.hasOwner)
  const [known, setKnown] = useState<Known | null>(own)
  const [problems, setProblems] = useState<SignInProblems>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)

  const closed = known?.info.registration === 'closed'
  const shape: SignInShape = { creating, relayFixed: own !== null, code: codeFor(known) }

  /** Only after submitting: what is learnt while somebody types must not take the cursor away. */
  const focusProblem = useRef(false)
  useEffect(() => {
    if (!focusProblem.current) return
    focusProblem.current = false
    const first = FIELD_ORDER.find((field) => problems[field] !== undefined)
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus()
  }, [problems])

  const setField = (field: SignInField, value: string) => {
    setFields((before) => ({ ...before, [field]: value }))
    setProblems(({ [field]: _fixed, form: _form, ...others }) => others)
  }

  const originOf = (text: string) => own?.url ?? relayOrigin(text, window.location.protocol === 'https:')

  /** Asks the relay what registration wants; told beside the field when there is none. */
  const learnRelay = async (url: string): Promise<Known> => {
    const learnt = { url, info: await accounts.relayInfo(url) }
    setKnown(learnt)
    return learnt
  }

  const tryToLearnRelay = async (url: string) => {
    try {
      await learnRelay(url)
    } catch (error) {
      setProblems(problemsOfFailure(texts, error, shape))
    }
  }

  const lookUpRelay = () => {
    const url = originOf(fields.relay)
    if (own === null && url !== null && known?.url !== url) void tryToLearnRelay(url)
  }

  const attempt = async (url: string) => {
    if (!creating) {
      await accounts.signIn({ relayUrl: url, username: fields.username, password: fields.password })
      return
    }
    const relay = known?.url === url ? known : await learnRelay(url)
    const code = codeFor(relay)
    const unseen = problemsBeforeAsking(texts, fields, { ...shape, code }, true)
    if (Object.keys(unseen).length > 0) {
      focusProblem.current = true
      setProblems(unseen)
      return
    }
    const { username, password, displayName, invite } = fields
    await accounts.signUp({
      relayUrl: url,
      username,
      password,
      displayName,
      ...(code === 'none' ? {} : { invite: invite.trim() })
    })
  }

  const submit = async () => {
    if (busy) return
    const url = originOf(fields.relay)
    const before = problemsBeforeAsking(texts, fields, shape, url !== null)
    focusProblem.current = true
    setProblems(before)
    if (url === null || Object.keys(before).length > 0) return
    setBusy(true)
    try {
      await attempt(url)
    } catch (error) {
      setProblems(problemsOfFailure(texts, error, shape))
      // What the relay asks for may have changed: somebody else may own it by now.
      if (creating) await tryToLearnRelay(url)
    }
    setBusy(false)
  }

  const switchMode = () => {
    setCreating(!creating)
    setProblems({})
  }

  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <header className={styles.header}>
          <svg className={styles.mark} viewBox="0 0 44 44" width="48" height="48" aria-hidden>
            <rect width="44" height="44" rx="15" />
            <path d="M10 15h14M28 15h6M10 22h6M20 22h14M10 29h14M28 29h6" />
          </svg>
          <p className={styles.product}>{texts.productName}</p>
          <p className={styles.tagline}>{texts.tagline}</p>
        </header>
        <form
          ref={form}
          className={styles.form}
          aria-busy={busy}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <h1 className={styles.title}>{creating ? texts.signIn.createTitle : texts.signIn.title}</h1>
          <SignInFieldset
            fields={fields}
            shape={shape}
            problems={problems}
            relayAddress={own?.url ?? null}
            onField={setField}
            onRelayDone={lookUpRelay}
          />
          {creating && closed && <p className={styles.note}>{texts.signIn.registrationClosed}</p>}
          <div role="alert">
            {problems.form !== undefined && (
              <p className={styles.problem}>
                <Icon name="warning" size={18} />
                <span>{problems.form}</span>
              </p>
            )}
          </div>
          <Button type="submit" look="primary" wide aria-disabled={busy}>
            {creating
              ? busy
                ? texts.signIn.createSubmitting
                : texts.signIn.createSubmit
              : busy
                ? texts.signIn.submitting
                : texts.signIn.submit}
          </Button>
        </form>
        {(creating || !closed) && (
          <p className={styles.switch}>
            <span>{creating ? texts.signIn.toSignInLead : texts.signIn.toCreateLead}</span>
            <Button look="quiet" small onClick={switchMode}>
              {creating ? texts.signIn.toSignIn : texts.signIn.toCreate}
            </Button>
          </p>
        )}
      </div>
    </main>
  )
}

function codeFor(known: Known | null): SignInShape['code'] {
  if (known?.info.registration !== 'invite') return 'none'
  return known.info.hasOwner ? 'invite' : 'owner'
}
