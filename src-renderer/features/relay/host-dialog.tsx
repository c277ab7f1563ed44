// The relay inside this app: how it is, how others get to it, its backup, and starting and stopping it. Knows nothing of what is said on it.
import { useState } from 'react'
import { HostForm } from '../../hosting/host-form.tsx'
import { useHostState } from '../../hosting/use-host-state.ts'
import type { HostState, ShellHost } from '../../platform/bridge.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Fingerprint } from '../../ui/fingerprint.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { bytesInWords } from './bytes-in-words.ts'
import { CopiedField } from './copied-field.tsx'
import styles from './relay.module.css'

export function HostDialog({ host, onClose }: { host: ShellHost; onClose: () => void }) {
  const texts = useTexts()
  const { hosting } = useHostingTexts()
  const state = useHostState(host)
  return (
    <Dialog title={hosting.panelTitle} closeLabel={texts.close} onClose={onClose}>
      {state !== undefined && <Shown host={host} state={state} />}
    </Dialog>
  )
}

function Shown({ host, state }: { host: ShellHost; state: HostState }) {
  const { hosting: words } = useHostingTexts()
  if (state.name === 'on') return <Running host={host} state={state} />
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>{words.text}</p>
      <HostForm host={host} state={state} />
    </div>
  )
}

function Running({ host, state }: { host: ShellHost; state: Extract<HostState, { name: 'on' }> }) {
  const texts = useTexts()
  const { hosting: words } = useHostingTexts()
  const [stopping, setStopping] = useState(false)
  const { people, devices, names } = state
  return (
    <div className={styles.form}>
      <dl className={styles.facts}>
        <dt>{words.state}</dt>
        <dd>
          {words.on} · {state.relayName}
          <p className={styles.quiet}>{state.announced ? words.announced : words.notAnnounced}</p>
        </dd>
        <dt>{words.connected}</dt>
        <dd>
          {people === 0 ? words.nobody : words.connectedWords(people, devices)}
          {names.length > 0 && (
            <p className={styles.quiet}>{words.andMore(names, Math.max(0, people - names.length))}</p>
          )}
        </dd>
        <dt>{words.stored}</dt>
        <dd>{bytesInWords(texts.locale, state.storedBytes)}</dd>
      </dl>
      {!state.hasOwner && state.ownerCode !== undefined && (
        <div className={styles.note}>
          <p>{words.noOwner}</p>
          <CopiedField label={words.ownerCode} value={state.ownerCode} />
        </div>
      )}
      <section className={styles.section}>
        <QrCode text={state.browserUrl} label={words.qr} />
        <CopiedField label={words.link} hint={words.linkHint} value={state.browserUrl} />
        <h3 className={styles.heading}>{words.fingerprint}</h3>
        <Fingerprint value={state.fingerprint} />
        <p className={styles.quiet}>{words.fingerprintHint}</p>
        {state.hasOwner && <p className={styles.quiet}>{words.inviteFor}</p>}
      </section>
      <Backup host={host} />
      <Button look="danger" onClick={() => setStopping(true)}>
        {words.stop}
      </Button>
      {stopping && (
        <Confirm
          title={words.stopTitle}
          closeLabel={texts.close}
          cancelLabel={texts.cancel}
          actLabel={words.stop}
          act={async () => host.stop()}
          sentenceOf={() => words.failed}
          onDone={() => setStopping(false)}
          onCancel={() => setStopping(false)}
        >
          {words.stopText}
        </Confirm>
      )}
    </div>
  )
}

function Backup({ host }: { host: ShellHost }) {
  const { hosting: words } = useHostingTexts()
  const [done, setDone] = useState<{ folder: string; messages: number } | null>(null)
  const backing = useAsking()
  const backUp = () => {
    setDone(null)
    backing.ask(async () => host.backup(), setDone)
  }
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{words.backup}</h3>
      <p className={styles.quiet}>{words.backupText}</p>
      <Button aria-disabled={backing.busy} onClick={backUp}>
        {backing.busy ? words.backingUp : words.backup}
      </Button>
      <output className={styles.quiet}>{done === null ? '' : words.backedUp(done.messages, done.folder)}</output>
      <div role="alert">{backing.error !== undefined && <p className={styles.problem}>{words.backupFailed}</p>}</div>
    </section>
  )
}
