// Keeps the failure of one part of the screen to that part.
import { Component } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** Stands in for what failed. */
  fallback: ReactNode
  children: ReactNode
}

/** Give it another `key` to try again. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
