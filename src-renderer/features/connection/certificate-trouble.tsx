// In the desktop app: when the relay is not reached because it shows another certificate than the pinned one, that is said, and nothing else is guessed.
import { useEffect, useState } from 'react'
import { desktopBridge } from '../../platform/bridge.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import styles from './connection-line.module.css'

const TOLD = ['certificate-changed', 'restart-needed'] as const
type Told = (typeof TOLD)[number]

interface CertificateTroubleProps {
  relayUrl: string
  /** A try has failed, and the next one has not begun: then the shell is asked. What it says stands until the next answer. */
  failed: boolean
}

export function CertificateTrouble({ relayUrl, failed }: CertificateTroubleProps) {
  const { errors } = useTexts()
  const [trouble, setTrouble] = useState<Told>()
  useEffect(() => {
    if (!failed) return undefined
    let wanted = true
    void desktopBridge()
      ?.whyUnreachable(relayUrl)
      .then((reason) => {
        if (wanted) setTrouble(TOLD.find((told) => told === reason))
      })
    return () => {
      wanted = false
    }
  }, [relayUrl, failed])
  return trouble === undefined ? null : (
    <p role="alert" className={styles.trouble}>
      {errors[trouble]}
    </p>
  )
}
