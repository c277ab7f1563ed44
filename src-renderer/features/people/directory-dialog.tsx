// Who and what there is on the relay: its people, and the open rooms that one can join.
import { useDeferredValue, useState } from 'react'
import { findPeople } from '../../search/people.ts'
import { useServices } from '../../services-context.tsx'
import { listPeople } from '../../texts/people.ts'
import { useTexts } from '../../texts/texts-context.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import styles from './directory.module.css'
import { OpenRooms } from './open-rooms.tsx'
import { PersonCard } from './person-card.tsx'

/** `onClose` also when it has led to a room. */
export function DirectoryDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const { directory } = texts
  const [which, setWhich] = useState<'people' | 'rooms'>('people')
  return (
    <Dialog title={directory.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.directory}>
        <Choice
          label={directory.which}
          labelHidden
          options={[
            { value: 'people', words: directory.people },
            { value: 'rooms', words: directory.openRooms }
          ]}
          value={which}
          onValue={setWhich}
        />
        {which === 'people' ? <Everybody onLeft={onClose} /> : <OpenRooms onEntered={onClose} />}
      </div>
    </Dialog>
  )
}

/** Works offline: the directory is on the device. */
function Everybody({ onLeft }: { onLeft: () => void }) {
  const texts = useTexts()
  const { queries } = useServices().store
  const [openId, setOpenId] = useState<string | null>(null)
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search)
  const people = useObservable(() => queries.watchPeople(), [queries])
  if (!people) return null
  const others = people.filter(({ self }) => !self)
  const blocked = new Set(others.filter((person) => person.blocked).map(({ user }) => user.id))
  const listed = listPeople(
    others.map(({ user }) => user),
    new Set(),
    texts.locale
  )
  const found = findPeople(listed, wanted)
  if (listed.length === 0) return <p className={styles.quiet}>{texts.directory.nobody}</p>
  return (
    <>
      <TextField
        labelHidden
        label={texts.newRoom.search}
        value={search}
        onValue={setSearch}
        type="search"
        autoComplete="off"
      />
      <PeopleList
        label={texts.directory.people}
        people={found}
        onChoose={({ id }) => setOpenId(id)}
        line={({ username, status }) => (status === undefined ? username : `${username} · ${status}`)}
        renderMark={({ id }) => blocked.has(id) && <Icon name="block" size={16} label={texts.person.blocked} />}
      />
      {found.length === 0 && <p className={styles.quiet}>{texts.newRoom.nobodyFound(wanted.trim())}</p>}
      {openId !== null && (
        <PersonCard
          userId={openId}
          onClose={(how) => {
            setOpenId(null)
            if (how === 'left') onLeft()
          }}
        />
      )}
    </>
  )
}
