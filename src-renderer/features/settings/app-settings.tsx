// What the desktop app does on this machine: only what the system and this build can do. The shell keeps it.
import { useCallback, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type { ShellSettings, ShellSettingsPart } from '../../platform/bridge.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { CheckLine } from '../../ui/check-line.tsx'
import styles from './section.module.css'

type Loaded = Awaited<ReturnType<ShellSettingsPart['load']>>
type Problem = 'unknown' | 'notChanged' | 'startRefused'

/** @param children further rows of the section */
export function AppSettings({ shell, children }: { shell: ShellSettingsPart; children?: ReactNode }) {
  const texts = useTexts()
  const [loaded, setLoaded] = useState<Loaded>()
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    let gone = false
    shell.load().then(
      (found) => {
        if (!gone) setLoaded(found)
      },
      () => {
        if (!gone) setProblem('unknown')
      }
    )
    return () => {
      gone = true
    }
  }, [shell])
  const change = useCallback(
    (patch: Partial<ShellSettings>) => {
      setProblem(undefined)
      shell.change(patch).then(
        (settings) => setLoaded((before) => before && { ...before, settings }),
        () => setProblem('startAtLogin' in patch ? 'startRefused' : 'notChanged')
      )
    },
    [shell]
  )
  return (
    <section className={styles.section} aria-labelledby="app-settings">
      <h3 id="app-settings" className={styles.title}>
        {texts.shell.title}
      </h3>
      {loaded && <Rows {...loaded} onChange={change} />}
      {children}
      <div role="alert">{problem && <p className={styles.problem}>{texts.shell.problems[problem]}</p>}</div>
    </section>
  )
}

function Rows({ settings, can, onChange }: Loaded & { onChange: (patch: Partial<ShellSettings>) => void }) {
  const { shell, updates } = useTexts()
  return (
    <>
      {can.tray && (
        <Row
          label={shell.closeToTray}
          note={shell.closeToTrayText}
          checked={settings.closeToTray}
          onChecked={(closeToTray) => onChange({ closeToTray })}
        />
      )}
      {can.startAtLogin && (
        <Row
          label={shell.startAtLogin}
          note={shell.startAtLoginText}
          checked={settings.startAtLogin}
          onChecked={(startAtLogin) => onChange({ startAtLogin })}
        />
      )}
      <Row
        label={shell.spelling}
        note={shell.spellingText[can.spelling]}
        checked={settings.spelling}
        onChecked={(spelling) => onChange({ spelling })}
      />
      {can.updates && (
        <Row
          label={updates.byItself}
          note={updates.byItselfText}
          checked={settings.updates}
          onChecked={(on) => onChange({ updates: on })}
        />
      )}
    </>
  )
}

interface RowProps {
  label: string
  note: string
  checked: boolean
  onChecked: (checked: boolean) => void
}

function Row({ label, note, checked, onChecked }: RowProps) {
  return (
    <div className={styles.row}>
      <CheckLine label={label} checked={checked} onChecked={onChecked} />
      <p className={styles.note}>{note}</p>
    </div>
  )
}
