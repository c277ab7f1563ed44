// What is known here of the certificate that the relay one is signed in to has made itself: from this app's own relay, or from what is pinned.
import { useEffect, useState } from 'react'
import { desktopBridge } from '../../platform/bridge.ts'
import type { HostState } from '../../platform/bridge.ts'

export interface OwnCertificate {
  /** `https://…`, for apps. */
  appUrl: string
  fingerprint: string
  /** `http://…`, for browsers: the same port speaks both, and no browser would trust the certificate. */
  browserUrl: string
}

/** Null where it has none, and while nothing is known. */
export function useOwnCertificate(relayUrl: string): OwnCertificate | null {
  const [known, setKnown] = useState<OwnCertificate | null>(null)
  useEffect(() => {
    const shell = desktopBridge()
    let wanted = true
    if (relayUrl.startsWith('https:')) {
      void shell?.pinned?.(relayUrl).then((fingerprint) => {
        if (!wanted || fingerprint === null) return
        setKnown({ appUrl: relayUrl, fingerprint, browserUrl: relayUrl.replace(/^https:/, 'http:') })
      })
    }
    const stop = shell?.host?.onState((state) => {
      const own = ofHosted(state, relayUrl)
      if (own !== null) setKnown(own)
    })
    return () => {
      wanted = false
      stop?.()
    }
  }, [relayUrl])
  return known
}

function ofHosted(state: HostState, relayUrl: string): OwnCertificate | null {
  if (state.name !== 'on' || ![state.url, state.browserUrl].includes(new URL(relayUrl).origin)) return null
  return { appUrl: state.url, fingerprint: state.fingerprint, browserUrl: state.browserUrl }
}
