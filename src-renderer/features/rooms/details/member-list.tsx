// The members of a room with their roles, each with what the person may do with them.
import { useState } from 'react'
import type { MemberRole } from '../../../../protocol/records.ts'
import { usePersonCard } from '../../../platform/person-card.tsx'
import { useServices } from '../../../services-context.tsx'
import { PresenceSign } from '../../../presence/presence-sign.tsx'
import type { RoomDetails, RoomMember } from '../../../store/chat-store.ts'
import { listPeople } from '../../../texts/people.ts'
import { useTexts } from '../../../texts/texts-context.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/menu.tsx'
import { PeopleList } from '../../../ui/people-list.tsx'
import { useObservable } from '../../../ui/use-observable.ts'
import styles from './details.module.css'

/** What is asked about before it is done. */
export interface MemberAct {
  name: 'remove' | 'ban' | 'hand-over'
  person: { id: string; name: string }
}

interface MemberListProps {
  room: RoomDetails
  /** Whether the person may remove somebody of this role. */
  mayRemove: (role: MemberRole) => boolean
  onAct: (act: MemberAct) => void
  onRole: (userId: string, role: 'admin' | 'member') => void
  /** Somebody's card has led to a room. */
  onLeft: () => void
}

interface OpenMenu {
  anchor: Element
  member: RoomMember
  name: string
}

export function MemberList({ room, mayRemove, onAct, onRole, onLeft }: MemberListProps) {
  const texts = useTexts()
  const { details, members } = texts
  const { me, store } = useServices()
  const { open: openPerson, card } = usePersonCard(onLeft)
  const users = useObservable(() => store.queries.watchUsers(), [store])
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const byId = new Map(room.members.map((member) => [member.userId, member]))
  const people = listPeople(
    room.members.flatMap(({ userId }) => users?.get(userId) ?? []),
    new Set(),
    texts.locale
  )
  const acts = (member: RoomMember | undefined): boolean =>
    member !== undefined &&
    member.userId !== me.userId &&
    member.pending === undefined &&
    (room.may.setRole || mayRemove(member.role))
  return (
    <section className={styles.members}>
      <h3 className={styles.heading}>
        {members.title} <span className={styles.count}>{members.count(room.members.length)}</span>
      </h3>
      <PeopleList
        label={members.title}
        people={people}
        onChoose={({ id }) => openPerson(id)}
        renderSign={({ id }, sign) => <PresenceSign userId={id}>{sign}</PresenceSign>}
        renderMark={({ id }) => <Marks member={byId.get(id)} self={id === me.userId} />}
        renderAction={({ id, name }) => {
          const member = byId.get(id)
          if (!acts(member) || !member) return null
          return (
            <IconButton
              icon="more"
              label={details.actionsOf(name)}
              aria-haspopup="menu"
              onClick={({ currentTarget }) => setMenu({ anchor: currentTarget, member, name })}
            />
          )
        }}
      />
      {menu && (
        <Menu label={details.actionsOf(menu.name)} anchor={menu.anchor} align="end" onClose={() => setMenu(null)}>
          <MemberMenu
            member={menu.member}
            setsRole={room.may.setRole}
            removes={mayRemove(menu.member.role)}
            onRole={(role) => onRole(menu.member.userId, role)}
            onAct={(name) => onAct({ name, person: { id: menu.member.userId, name: menu.name } })}
          />
        </Menu>
      )}
      {card}
    </section>
  )
}

interface MemberMenuProps {
  member: RoomMember
  setsRole: boolean
  removes: boolean
  onRole: (role: 'admin' | 'member') => void
  onAct: (name: MemberAct['name']) => void
}

function MemberMenu({ member, setsRole, removes, onRole, onAct }: MemberMenuProps) {
  const { details, members } = useTexts()
  return (
    <>
      {setsRole && member.role === 'member' && <MenuItem onClick={() => onRole('admin')}>{details.makeAdmin}</MenuItem>}
      {setsRole && member.role === 'admin' && (
        <MenuItem onClick={() => onRole('member')}>{details.makeMember}</MenuItem>
      )}
      {setsRole && <MenuItem onClick={() => onAct('hand-over')}>{details.handOver}</MenuItem>}
      {setsRole && removes && <MenuLine />}
      {removes && (
        <>
          <MenuItem look="danger" onClick={() => onAct('remove')}>
            {members.remove}
          </MenuItem>
          <MenuItem look="danger" onClick={() => onAct('ban')}>
            {details.ban}
          </MenuItem>
        </>
      )}
    </>
  )
}

function Marks({ member, self }: { member: RoomMember | undefined; self: boolean }) {
  const texts = useTexts()
  return (
    <>
      {self && <span className={styles.mark}>{texts.you}</span>}
      {member?.role === 'owner' && <span className={styles.mark}>{texts.members.owner}</span>}
      {member?.role === 'admin' && <span className={styles.mark}>{texts.details.admin}</span>}
      {member?.pending && (
        <Icon
          name="clock"
          size={15}
          label={member.pending === 'adding' ? texts.members.adding : texts.members.removing}
        />
      )}
    </>
  )
}
