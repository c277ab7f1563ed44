// How the relay inside this app is, as the shell tells it. Draws nothing.
import { useEffect, useState } from 'react'
import type { HostState, ShellHost } from '../platform/bridge.ts'

/** Undefined until the shell has said so. */
export function useHostState(host: ShellHost): HostState | undefined {
  const [state, setState] = useState<HostState>()
  useEffect(() => host.onState(setState), [host])
  return state
}
