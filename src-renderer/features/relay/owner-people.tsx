// The accounts of the relay, for its owner: roles, devices, disabling, and a new password for who has lost theirs.
import { useCallback, useState } from 'react'
import type { AdminUser } from '../../../protocol/rest.ts'
import { resetLink } from '../../platform/invite-link.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useAsking } from '../../ui/use-asking.ts'
import { usePages } from '../../ui/use-pages.ts'
import { CopiedField } from './copied-field.tsx'
import { DeviceList } from './device-list.tsx'
import { PageList } from './page-list.tsx'
import styles from './relay.module.css'

type Open =
  | { what: 'disable' | 'devices'; row: AdminUser }
  | { what: 'reset'; row: AdminUser; code: string; expiresAt: string; username: string }

export function OwnerPeople() {
  const texts = useTexts()
  const { admin } = texts
  const { administration, me, relayUrl } = useServices()
  const load = useCallback(
    async (after: string | undefined) => {
      const { users, next } = await administration.users(after)
      return { items: users, next }
    },
    [administration]
  )
  const pages = usePages(load)
  const acting = useAsking()
  const [menu, setMenu] = useState<{ row: AdminUser; anchor: Element }>()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const change = (row: AdminUser, what: Parameters<typeof administration.changeUser>[1]) =>
    acting.ask(async () => administration.changeUser(row.user.id, what), pages.refresh)
  const nameOf = ({ user }: AdminUser) => user.displayName || texts.unknownPerson

  return (
    <>
      <PageList pages={pages} none={texts.newRoom.nobody} problem={acting.error ?? pages.error}>
        {(row) => (
          <li key={row.user.id} className={styles.row}>
            <Avatar id={row.user.id} name={nameOf(row)} color={row.user.color} size={36} />
            <div className={styles.about}>
              <p className={styles.name}>
                <span>{nameOf(row)}</span>
                {row.user.role === 'owner' && <span className={styles.mark}>{admin.owner}</span>}
                {row.disabled && <span className={classNames(styles.mark, styles.markOff)}>{admin.disabled}</span>}
                {row.user.deletedAt !== undefined && (
                  <span className={classNames(styles.mark, styles.markOff)}>{admin.deleted}</span>
                )}
              </p>
              <p className={styles.quiet}>
                {[
                  ...(row.user.username === '' ? [] : [row.user.username]),
                  admin.devices(row.deviceCount, row.onlineDeviceCount),
                  row.lastUsedAt === null ? admin.never : texts.account.lastUsed(texts.dates.day(row.lastUsedAt))
                ].join(' · ')}
              </p>
            </div>
            {row.user.deletedAt === undefined && (
              <IconButton
                icon="more"
                label={admin.actions(nameOf(row))}
                aria-haspopup="menu"
                onClick={(event) => setMenu({ row, anchor: event.currentTarget })}
              />
            )}
          </li>
        )}
      </PageList>

      {menu && (
        <Menu
          label={admin.actions(nameOf(menu.row))}
          anchor={menu.anchor}
          align="end"
          onClose={() => setMenu(undefined)}
        >
          <MenuItem onClick={() => setOpen({ what: 'devices', row: menu.row })}>{admin.showDevices}</MenuItem>
          <MenuItem
            onClick={() =>
              acting.ask(
                async () => administration.resetPassword(menu.row.user.id),
                (made) => setOpen({ what: 'reset', row: menu.row, ...made })
              )
            }
          >
            {admin.reset}
          </MenuItem>
          <MenuItem onClick={() => acting.ask(async () => administration.disconnect(menu.row.user.id), pages.refresh)}>
            {admin.disconnect}
          </MenuItem>
          <MenuItem onClick={() => change(menu.row, { role: menu.row.user.role === 'owner' ? 'member' : 'owner' })}>
            {menu.row.user.role === 'owner' ? admin.makeMember : admin.makeOwner}
          </MenuItem>
          {menu.row.user.id !== me.userId &&
            (menu.row.disabled ? (
              <MenuItem onClick={() => change(menu.row, { disabled: false })}>{admin.enable}</MenuItem>
            ) : (
              <MenuItem look="danger" onClick={() => setOpen({ what: 'disable', row: menu.row })}>
                {admin.disable}
              </MenuItem>
            ))}
        </Menu>
      )}

      {open?.what === 'disable' && (
        <Dialog
          title={admin.disableTitle(nameOf(open.row))}
          closeLabel={texts.close}
          onClose={close}
          actions={
            <>
              <Button onClick={close}>{texts.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  close()
                  change(open.row, { disabled: true })
                }}
              >
                {admin.disable}
              </Button>
            </>
          }
        >
          <p>{admin.disableText}</p>
        </Dialog>
      )}
      {open?.what === 'devices' && (
        <Dialog title={`${nameOf(open.row)} · ${texts.account.devices}`} closeLabel={texts.close} onClose={close}>
          <DeviceList userId={open.row.user.id} />
        </Dialog>
      )}
      {open?.what === 'reset' && (
        <Dialog title={admin.reset} closeLabel={texts.close} onClose={close}>
          <div className={styles.form}>
            <p>{admin.resetText(nameOf(open.row), texts.dates.day(open.expiresAt))}</p>
            <CopiedField label={admin.resetLink} value={resetLink(relayUrl, open.username, open.code)} />
            <CopiedField label={admin.resetCode} value={open.code} />
          </div>
        </Dialog>
      )}
    </>
  )
}
