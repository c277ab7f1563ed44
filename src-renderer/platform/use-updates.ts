// What the shell knows of new versions, for components. In a browser, and where a build never looks, there is nothing to know.
import { useEffect, useState } from 'react'
import { desktopBridge } from './bridge.ts'
import type { ShellUpdates, UpdateState } from './bridge.ts'

export interface KnownUpdates {
  updates: ShellUpdates
  state: Exclude<UpdateState, { name: 'off' }>
}

/** Null until the shell has told, and where there is nothing to tell. */
export function useUpdates(): KnownUpdates | null {
  const updates = desktopBridge()?.updates
  const [state, setState] = useState<UpdateState>({ name: 'off' })
  useEffect(() => updates?.onState(setState), [updates])
  return updates === undefined || state.name === 'off' ? null : { updates, state }
}
