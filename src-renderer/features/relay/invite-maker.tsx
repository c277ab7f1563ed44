// Making an invite: for how many, for how long, into which rooms; and what to hand on. For owners of the relay; needs the relay.
import { useId, useState } from 'react'
import type { NewInviteAnswer } from '../../../protocol/rest.ts'
import { inviteAppLink, inviteLink } from '../../platform/invite-link.ts'
import { useServices } from '../../services-context.tsx'
import { errorSentence } from '../../texts/errors.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Choice } from '../../ui/choice.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { useObservable } from '../../ui/use-observable.ts'
import { CopiedField } from './copied-field.tsx'
import { useOwnCertificate } from './own-certificate.ts'
import styles from './relay.module.css'

const USES = ['1', '5', '20', '100'] as const
const DAYS = ['1', '7', '28'] as const

/** @param onMade hears of each new invite */
export function InviteMaker({ onMade }: { onMade?: () => void }) {
  const texts = useTexts()
  const { invite: words } = texts
  const { hosting } = useHostingTexts()
  const { invites, store, relayUrl } = useServices()
  const rooms = useObservable(() => store.queries.watchRooms(), [store]) ?? []
  const [uses, setUses] = useState<(typeof USES)[number]>('20')
  const [days, setDays] = useState<(typeof DAYS)[number]>('7')
  const [roomIds, setRoomIds] = useState<ReadonlySet<string>>(new Set())
  const [made, setMade] = useState<NewInviteAnswer>()
  const making = useAsking()
  const own = useOwnCertificate(relayUrl)
  const id = useId()
  const open = rooms.filter((room) => (room.kind === 'group' || room.kind === 'open') && room.may.add)

  if (made) {
    const reached = own?.browserUrl ?? relayUrl
    const link = inviteLink(reached, made.code)
    const forOthers = isForOthers(reached)
    return (
      <div className={styles.form}>
        {forOthers ? <QrCode text={link} label={words.qr} /> : <p className={styles.note}>{words.onlyHere}</p>}
        <CopiedField label={words.link} hint={words.linkHint} value={link} />
        {own !== null && (
          <CopiedField
            label={hosting.appLink}
            hint={hosting.appLinkHint}
            value={inviteAppLink(own.appUrl, made.code, own.fingerprint)}
          />
        )}
        <p className={styles.words} aria-hidden>
          {made.code.replaceAll('-', ' ')}
        </p>
        <CopiedField label={words.code} hint={words.codeHint} value={made.code} />
        <p className={styles.quiet}>{words.expires(texts.dates.day(made.expiresAt))}</p>
        <Button onClick={() => setMade(undefined)}>{words.makeAnother}</Button>
      </div>
    )
  }

  const make = () => {
    const wish = { uses: Number(uses), expiresInHours: Number(days) * 24, roomIds: [...roomIds] }
    making.ask(
      async () => invites.make(wish),
      (answer) => {
        setMade(answer)
        onMade?.()
      }
    )
  }
  const toggle = (roomId: string) => {
    const next = new Set(roomIds)
    if (!next.delete(roomId)) next.add(roomId)
    setRoomIds(next)
  }
  return (
    <div className={styles.form}>
      <Choice
        label={words.uses}
        options={USES.map((value) => ({ value, words: words.usesWords(Number(value)) }))}
        value={uses}
        onValue={setUses}
      />
      <Choice
        label={words.expiresIn}
        options={DAYS.map((value) => ({ value, words: words.days(Number(value)) }))}
        value={days}
        onValue={setDays}
      />
      {open.length > 0 && (
        <fieldset className={styles.rooms}>
          <legend className={styles.legend}>{words.rooms}</legend>
          <ul className={styles.roomList}>
            {open.map((room) => (
              <li key={room.id} className={styles.roomRow}>
                <Checkbox
                  id={`${id}-${room.id}`}
                  label={room.name}
                  checked={roomIds.has(room.id)}
                  onChecked={() => toggle(room.id)}
                />
                <label htmlFor={`${id}-${room.id}`}>{room.name}</label>
              </li>
            ))}
          </ul>
          <p className={styles.quiet}>{words.roomsHint}</p>
        </fieldset>
      )}
      <div role="alert">
        {making.error !== undefined && <p className={styles.problem}>{errorSentence(texts, making.error)}</p>}
      </div>
      <Button look="primary" wide aria-disabled={making.busy} onClick={make}>
        {making.busy ? words.making : words.make}
      </Button>
    </div>
  )
}

/** An address that means this computer leads nobody else here. */
function isForOthers(relayUrl: string): boolean {
  return !/^(localhost|127\.|\[::1\])/.test(new URL(relayUrl).host)
}
