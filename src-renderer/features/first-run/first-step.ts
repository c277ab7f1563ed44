// Where the way in begins: what the address of the page brings, and who was here before.
import { AVATAR_COLORS } from '../../../protocol/values.ts'
import type { AvatarColor } from '../../../protocol/values.ts'
import { codeOfHash } from '../../platform/invite-link.ts'
import { loadLastSignIn } from '../../platform/last-sign-in.ts'
import type { Accounts } from '../../services.ts'
import type { Fields } from './problems.ts'
import { namedBy } from './use-certificate.ts'
import type { NamedCertificate } from './use-certificate.ts'

/**
 * Two of the three screens, and the door for who has an account. The third is the first room. Where the shell finds relays or hosts one, the way to a relay
 * is chosen before the account on it.
 */
export type Step = 'who' | 'ways' | 'host' | 'relay' | 'sign-in'

export interface Start {
  step: Step
  fields: Fields
  named: NamedCertificate | null
  color: AvatarColor
}

/** Of what is known before anybody has said anything. */
export function startOf({ ownRelay, returning: comingBack }: Accounts): Start {
  const brought = inviteOfAddress()
  const invite = brought?.code ?? ''
  const last = comingBack === undefined ? loadLastSignIn(window.localStorage) : comingBack
  const returning = last !== null && invite === '' && (ownRelay === null || ownRelay.url === last.relayUrl)
  const closed = ownRelay?.info.registration === 'closed' && ownRelay.info.hasOwner
  return {
    step: returning || closed ? 'sign-in' : 'who',
    fields: {
      relay: (returning && last.relayUrl) || brought?.relayUrl || '',
      username: (returning && last.username) || '',
      displayName: '',
      password: '',
      invite
    },
    named: brought === null ? null : namedBy(brought),
    color: AVATAR_COLORS[Math.floor(Math.random() * AVATAR_COLORS.length)] ?? 'amber'
  }
}

/** What the page was opened with. */
export function inviteOfAddress(): { code: string; relayUrl?: string; fingerprint?: string } | null {
  const brought = codeOfHash(window.location.hash)
  return brought?.kind === 'join' ? brought : null
}
