// Why a link led nowhere, from where it was followed to where it is told. One at a time: the last.
import { BehaviorSubject } from 'rxjs'

export type LinkProblem =
  | { name: 'notUnderstood' }
  /** To a room of a relay, and nobody is signed in. */
  | { name: 'signedOut'; relay: string }
  /** To a room of another relay than those that one is signed in at. */
  | { name: 'elsewhere'; relay: string }

/** Null: nothing to tell, or it was read. */
export const linkProblem = new BehaviorSubject<LinkProblem | null>(null)
