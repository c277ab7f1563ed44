// The page of an owner of the relay: how it is, who is there, which rooms, invites, and what was done. Needs the relay.
import { Tabs } from '@base-ui/react/tabs'
import { useState } from 'react'
import { useTexts } from '../../texts/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import { AuditLog } from './audit-log.tsx'
import { InviteList } from './invite-list.tsx'
import { InviteMaker } from './invite-maker.tsx'
import { Overview } from './overview.tsx'
import { OwnerPeople } from './owner-people.tsx'
import { OwnerRooms } from './owner-rooms.tsx'
import styles from './relay.module.css'

const SECTIONS = ['overview', 'people', 'rooms', 'invites', 'audit'] as const
type Section = (typeof SECTIONS)[number]

export function OwnerPage({ onClose }: { onClose: () => void }) {
  const { admin, back } = useTexts()
  const [section, setSection] = useState<Section>('overview')
  return (
    <section className={styles.page} aria-label={admin.title}>
      <header className={styles.bar}>
        <IconButton icon="back" label={back} onClick={onClose} />
        <h2 className={styles.title}>{admin.title}</h2>
      </header>
      <Tabs.Root className={styles.tabs} value={section} onValueChange={(value: Section) => setSection(value)}>
        <Tabs.List className={styles.tabList} aria-label={admin.title}>
          {SECTIONS.map((name) => (
            <Tabs.Tab key={name} value={name} className={styles.tab}>
              {admin.sections[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SECTIONS.map((name) => (
          <Tabs.Panel key={name} value={name} className={styles.panel}>
            <div className={styles.column}>{section === name && <Shown section={name} />}</div>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </section>
  )
}

function Shown({ section }: { section: Section }) {
  const [made, setMade] = useState(0)
  switch (section) {
    case 'overview':
      return <Overview />
    case 'people':
      return <OwnerPeople />
    case 'rooms':
      return <OwnerRooms />
    case 'invites':
      return (
        <>
          <InviteMaker onMade={() => setMade(made + 1)} />
          <InviteList key={made} />
        </>
      )
    case 'audit':
      return <AuditLog />
  }
}
