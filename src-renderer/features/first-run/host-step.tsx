// Hosting a relay as the way in: starts it, and goes on with it. Asks the relay nothing.
import { useEffect, useRef } from 'react'
import { HostForm } from '../../hosting/host-form.tsx'
import { useHostState } from '../../hosting/use-host-state.ts'
import type { HostState, ShellHost } from '../../platform/bridge.ts'

interface HostStepProps {
  host: ShellHost
  /** It is on; called once. */
  onHosted: (state: Extract<HostState, { name: 'on' }>) => void
}

export function HostStep({ host, onHosted }: HostStepProps) {
  const state = useHostState(host)
  const told = useRef(false)
  useEffect(() => {
    if (state?.name !== 'on' || told.current) return
    told.current = true
    onHosted(state)
  }, [state, onHosted])
  return state === undefined ? null : <HostForm host={host} state={state} />
}
