// Starting a relay on this computer: who can reach it, by which name. Knows nothing of what is said there.
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { useEffect, useId, useState } from 'react'
import type { HostAddress, HostState, ShellHost } from '../platform/bridge.ts'
import { useHostingTexts } from '../texts/use-hosting-texts.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useAsking } from '../ui/use-asking.ts'
import styles from './host-form.module.css'

const DEFAULT_PORT = 4100
/** Below, systems let only their administrators listen. */
const FIRST_PORT = 1024
const LAST_PORT = 65_535
/** MAX_LAN_NAME_CHARS of protocol/lan.ts. */
const MAX_NAME_CHARS = 63

interface HostFormProps {
  host: ShellHost
  state: HostState
}

export function HostForm({ host, state }: HostFormProps) {
  const { hosting: words } = useHostingTexts()
  const [addresses, setAddresses] = useState<readonly HostAddress[]>()
  const [address, setAddress] = useState('')
  const [name, setName] = useState(words.defaultName)
  const [port, setPort] = useState(String(DEFAULT_PORT))
  const [problems, setProblems] = useState<{ name?: string; port?: string }>({})
  const looking = useAsking()
  const starting = useAsking()
  const id = useId()
  const chosen = addresses?.find((each) => each.address === address) ?? addresses?.[0]
  const failure = state.name === 'failed' ? state : undefined
  const busy = starting.busy || state.name === 'starting'

  const look = () => looking.ask(async () => host.addresses(), setAddresses)
  const begin = () =>
    looking.ask(
      async () => Promise.all([host.addresses(), host.chosen()]),
      ([found, last]) => {
        setAddresses(found)
        if (last === null) return
        setName(last.name)
        setAddress(last.address)
        setPort(String(last.port))
      }
    )
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, and then when the person asks
  useEffect(begin, [])

  const start = (atPort: string) => {
    const number = /^\d{1,5}$/.test(atPort.trim()) ? Number(atPort) : 0
    const found = {
      ...(name.trim() === '' || name.trim().length > MAX_NAME_CHARS ? { name: words.badName(MAX_NAME_CHARS) } : {}),
      ...(number < FIRST_PORT || number > LAST_PORT ? { port: words.badPort } : {})
    }
    setProblems(found)
    setPort(atPort)
    if (Object.keys(found).length > 0 || chosen === undefined || busy) return
    starting.ask(async () => host.start({ address: chosen.address, port: number, name: name.trim() }))
  }

  return (
    <form
      className={styles.form}
      noValidate
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault()
        start(port)
      }}
    >
      <div role="alert" className={styles.alert}>
        {failure !== undefined && !busy && (
          <div className={styles.problem}>
            <Icon name="warning" size={18} />
            <p>{words.problems[failure.problem]}</p>
          </div>
        )}
        {starting.error !== undefined && <p className={styles.problem}>{words.failed}</p>}
      </div>
      {failure?.freePort !== undefined && !busy && (
        <Button onClick={() => start(String(failure.freePort))}>{words.usePort(failure.freePort)}</Button>
      )}
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        error={problems.name}
        autoComplete="off"
        onValue={setName}
      />
      {addresses?.length === 0 && (
        <div className={styles.none}>
          <p>{words.noAddress}</p>
          <Button small icon="retry" onClick={look}>
            {words.lookAgain}
          </Button>
        </div>
      )}
      {chosen !== undefined && (
        <div className={styles.choice}>
          <span id={id} className={styles.label}>
            {words.address}
          </span>
          <RadioGroup
            aria-labelledby={id}
            className={styles.addresses}
            value={chosen.address}
            onValueChange={(value: string) => setAddress(value)}
          >
            {addresses?.map((each) => (
              <Radio.Root key={each.address} value={each.address} className={styles.address}>
                <span className={styles.number}>
                  {each.address} <span className={styles.quiet}>{each.interfaceName}</span>
                </span>
                <span className={each.isPrivate ? styles.quiet : styles.warning}>
                  {each.isPrivate ? words.onlyThisNetwork : words.everybody}
                </span>
              </Radio.Root>
            ))}
          </RadioGroup>
        </div>
      )}
      <TextField
        label={words.port}
        hint={words.portHint}
        value={port}
        error={problems.port}
        inputMode="numeric"
        autoComplete="off"
        onValue={setPort}
      />
      <p className={styles.quiet}>{words.keepsRunning}</p>
      <Button type="submit" look="primary" wide aria-disabled={busy || chosen === undefined}>
        {busy ? words.starting : words.start}
      </Button>
    </form>
  )
}
