// The way in for who is not signed in: who one is, then the relay; or signing in. Knows nothing of rooms.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { desktopBridge } from '../../platform/bridge.ts'
import { inviteAppLink } from '../../platform/invite-link.ts'
import type { Accounts } from '../../services.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { ColorChoice } from '../../ui/color-choice.tsx'
import { Fingerprint } from '../../ui/fingerprint.tsx'
import { Icon } from '../../ui/icon.tsx'
import { later, laterInPlace } from '../../ui/later.tsx'
import { Stage } from '../../ui/stage.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { AccountFields } from './account-fields.tsx'
import styles from './first-run.module.css'
import { FIELD_ORDER } from './problems.ts'
import { useFirstRun } from './use-first-run.ts'

// What only the desktop app needs.
const Ways = laterInPlace(async () => (await import('./ways.tsx')).Ways)
const HostStep = laterInPlace(async () => (await import('./host-step.tsx')).HostStep)
const CertificateDialog = later(async () => (await import('../../hosting/certificate-dialog.tsx')).CertificateDialog)

interface FirstRunProps {
  accounts: Accounts
  /** Stands in the corner of every screen. */
  corner?: ReactNode
  /** Somebody has made an account: the first room is next. */
  onSignedUp: () => void
}

const STEPS = 3

/** Who signs in here is taken over by the composition root: this screen does not wait for anything after success. */
export function FirstRun({ accounts, corner, onSignedUp }: FirstRunProps) {
  const texts = useTexts()
  const { ways, hosting, certificates } = useHostingTexts()
  const run = useFirstRun(accounts, onSignedUp)
  const { step } = run
  const shell = desktopBridge()
  const stepWords = (at: number) => ({ at, of: STEPS, words: texts.firstRun.step(at, STEPS) })

  if (step === 'who') {
    return (
      <Stage
        product={texts.productName}
        tagline={texts.tagline}
        title={texts.firstRun.whoTitle}
        text={texts.firstRun.whoText}
        step={stepWords(1)}
        corner={corner}
        footer={
          <Button look="quiet" small onClick={() => run.goTo('sign-in')}>
            {texts.signIn.toSignIn}
          </Button>
        }
      >
        <Form run={run} onSubmit={run.goOn}>
          {run.invited !== null && <Invited {...run.invited} />}
          <div className={styles.preview}>
            <Avatar id="" name={run.fields.displayName} color={run.color} size={88} />
          </div>
          <TextField
            name="displayName"
            label={texts.signIn.displayName}
            value={run.fields.displayName}
            error={run.problems.displayName}
            autoComplete="name"
            onValue={(value) => run.setField('displayName', value)}
          />
          <ColorChoice label={texts.firstRun.color} names={texts.colors} value={run.color} onValue={run.setColor} />
          <Button type="submit" look="primary" wide>
            {texts.firstRun.next}
          </Button>
        </Form>
      </Stage>
    )
  }

  if (shell !== null && (step === 'ways' || (step === 'host' && shell.host))) {
    const isHosting = step === 'host'
    return (
      <Stage
        product={texts.productName}
        tagline={texts.tagline}
        title={isHosting ? hosting.title : ways.title}
        text={isHosting ? hosting.text : ways.text}
        step={stepWords(2)}
        corner={corner}
        footer={
          <>
            <Button look="quiet" small onClick={() => run.goTo(isHosting ? 'ways' : 'who')}>
              {texts.firstRun.back}
            </Button>
            <Button look="quiet" small onClick={() => run.goTo('sign-in')}>
              {texts.signIn.toSignIn}
            </Button>
          </>
        }
      >
        {step === 'host' && shell.host ? (
          <HostStep
            host={shell.host}
            onHosted={({ url, fingerprint, hasOwner, ownerCode }) =>
              run.choose(
                { url, fingerprint, ...(ownerCode === undefined ? {} : { code: ownerCode }) },
                hasOwner ? 'sign-in' : 'relay'
              )
            }
          />
        ) : (
          <Ways
            shell={shell}
            relay={run.fields.relay}
            problem={run.problems.relay}
            onRelay={(text) => run.setField('relay', text)}
            onGo={run.goWithWritten}
            onFound={({ url, fingerprint }) => run.choose({ url, ...(fingerprint ? { fingerprint } : {}) })}
            onHost={() => run.goTo('host')}
          />
        )}
      </Stage>
    )
  }

  const creating = step === 'relay'
  return (
    <Stage
      product={texts.productName}
      tagline={texts.tagline}
      title={creating ? texts.firstRun.relayTitle : texts.signIn.title}
      text={texts.firstRun.relayText}
      step={creating ? stepWords(2) : undefined}
      corner={corner}
      footer={
        creating ? (
          <Button look="quiet" small onClick={() => run.goTo('sign-in')}>
            {texts.signIn.toSignIn}
          </Button>
        ) : (
          !run.closed && (
            <Button look="quiet" small onClick={() => run.goTo('who')}>
              {texts.signIn.toCreate}
            </Button>
          )
        )
      }
    >
      <Form run={run} onSubmit={run.submit}>
        {run.changed !== null && <Changed changed={run.changed} forget={run.forgetCertificate} />}
        <AccountFields
          fields={run.fields}
          shape={run.shape}
          problems={run.problems}
          relayAddress={run.chosen ?? accounts.ownRelay?.url ?? null}
          found={run.found}
          onField={run.setField}
          onRelayDone={run.lookUpRelay}
        />
        {run.fingerprint !== null && run.changed === null && shell?.pin && (
          <div className={styles.chosen}>
            <p>{certificates.own}</p>
            <Fingerprint value={run.fingerprint} />
            <p className={styles.quiet}>{certificates.compare}</p>
          </div>
        )}
        {creating && run.closed && <p className={styles.note}>{texts.signIn.registrationClosed}</p>}
        <div className={styles.actions}>
          {creating && <Button onClick={run.goBack}>{texts.firstRun.back}</Button>}
          {!creating && run.chosen !== null && <Button onClick={run.chooseAgain}>{ways.other}</Button>}
          <Button type="submit" look="primary" aria-disabled={run.busy}>
            {creating
              ? run.busy
                ? texts.signIn.createSubmitting
                : texts.signIn.createSubmit
              : run.busy
                ? texts.signIn.submitting
                : texts.signIn.submit}
          </Button>
        </div>
      </Form>
    </Stage>
  )
}

/** Beneath the hard stop: the way past it is a step of its own. */
function Changed({
  changed,
  forget
}: {
  changed: { url: string; pinned: string | null; offered: string | null }
  forget: () => Promise<void>
}) {
  const { certificates } = useHostingTexts()
  const [open, setOpen] = useState(false)
  const { url, pinned, offered } = changed
  return (
    <>
      <Button look="quiet" small onClick={() => setOpen(true)}>
        {certificates.isNew}
      </Button>
      {open && <CertificateDialog relayUrl={url} {...{ pinned, offered, forget }} onClose={() => setOpen(false)} />}
    </>
  )
}

/** Came by a link: the app, if it is there, or on in this browser. */
function Invited({ relayUrl, code }: { relayUrl: string; code: string }) {
  const { joining } = useTexts()
  return (
    <div className={styles.invited}>
      <p>{joining.brought}</p>
      {desktopBridge() === null && (
        <p>
          {joining.openAppHint} <a href={inviteAppLink(relayUrl, code)}>{joining.openApp}</a>
        </p>
      )}
    </div>
  )
}

interface FormProps {
  run: ReturnType<typeof useFirstRun>
  onSubmit: () => void | Promise<void>
  children: ReactNode
}

/** After an attempt that failed, the first field that is wrong has the cursor: not while somebody is still typing. */
function Form({ run, onSubmit, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  const answered = useRef(run.attempts)
  const { attempts, problems, busy } = run
  useEffect(() => {
    if (answered.current === attempts) return
    answered.current = attempts
    const first = FIELD_ORDER.find((field) => problems[field] !== undefined)
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus()
  }, [attempts, problems])
  return (
    <form
      ref={form}
      className={styles.form}
      aria-busy={busy}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit()
      }}
    >
      <div role="alert" className={styles.alert}>
        {problems.form !== undefined && (
          <p className={styles.problem}>
            <Icon name="warning" size={18} />
            <span>{problems.form}</span>
          </p>
        )}
      </div>
      {children}
    </form>
  )
}
