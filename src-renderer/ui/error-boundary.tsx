// Keeps the failure of one part of the screen to that part.
import { Component } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** Stands in for what failed. */
  fallback: ReactNode
  /** When it is another one, what failed is tried again; what stands is not touched by it. */
  version?: unknown
  children: ReactNode
}

interface State {
  failed: boolean
  /** Of what is shown now. */
  version: unknown
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false, version: this.props.version }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  static getDerivedStateFromProps({ version }: Props, before: State): State | null {
    return version === before.version ? null : { failed: false, version }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
