// The three ways to a relay: one that is found on this network, an invite or address, and one of one's own on this computer. Asks no relay anything.
import { useEffect, useState } from 'react'
import type { DesktopBridge, FoundRelay } from '../../platform/bridge.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './ways.module.css'

interface WaysProps {
  shell: DesktopBridge
  relay: string
  problem: string | undefined
  onRelay: (text: string) => void
  /** On with what was written. */
  onGo: () => void
  onFound: (relay: FoundRelay) => void
  onHost: () => void
}

export function Ways({ shell, relay, problem, onRelay, onGo, onFound, onHost }: WaysProps) {
  const { signIn } = useTexts()
  const { ways } = useHostingTexts()
  return (
    <div className={styles.ways}>
      {shell.findRelays && <Found findRelays={shell.findRelays} onFound={onFound} />}
      <form
        className={styles.way}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onGo()
        }}
      >
        <h2 className={styles.heading}>{ways.invite}</h2>
        <TextField
          name="relay"
          label={signIn.relay}
          hint={ways.inviteText}
          value={relay}
          error={problem}
          inputMode="url"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
          onValue={onRelay}
        />
        <Button type="submit">{ways.go}</Button>
      </form>
      {shell.host && (
        <section className={styles.way}>
          <h2 className={styles.heading}>{ways.host}</h2>
          <p className={styles.quiet}>{ways.hostText}</p>
          <Button icon="home" onClick={onHost}>
            {ways.hostHere}
          </Button>
        </section>
      )}
    </div>
  )
}

/** After this long without anything there is a sentence for it; looking goes on. */
const PATIENCE_MS = 4_000

function Found({
  findRelays,
  onFound
}: {
  findRelays: NonNullable<DesktopBridge['findRelays']>
  onFound: (relay: FoundRelay) => void
}) {
  const { ways } = useHostingTexts()
  const [found, setFound] = useState<readonly FoundRelay[]>([])
  const [patient, setPatient] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS)
    const stop = findRelays(setFound)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [findRelays])
  return (
    <section className={styles.way}>
      <h2 className={styles.heading}>{ways.found}</h2>
      <ul className={styles.list}>
        {found.map((each) => {
          const [name, address] = [shownName(each), new URL(each.url).host]
          return (
            <li key={`${each.relayId} ${each.url}`}>
              <button
                type="button"
                className={styles.relay}
                aria-label={ways.choose(name, address)}
                onClick={() => onFound(each)}
              >
                <Icon name="home" size={18} />
                <span className={styles.about}>
                  <span className={styles.name}>{name}</span>
                  <span className={styles.quiet}>{address}</span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      <output className={styles.quiet}>{found.length > 0 ? '' : patient ? ways.looking : ways.nothingFound}</output>
    </section>
  )
}

/** Anybody on the network may have written it: nothing that is not seen, and nothing that turns the text around it. */
function shownName({ name, url }: FoundRelay): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim()
    .slice(0, 63)
  return clean === '' ? new URL(url).host : clean
}
