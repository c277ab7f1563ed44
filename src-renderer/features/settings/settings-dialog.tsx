// What can be set on this device, and who one is here.
import { from } from 'rxjs'
import { desktopBridge } from '../../platform/bridge.ts'
import { usePreferences } from '../../platform/preferences-context.tsx'
import { useRelays, useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { useHostingTexts } from '../../texts/use-hosting-texts.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useObservable } from '../../ui/use-observable.ts'
import { AppSettings } from './app-settings.tsx'
import { DisplaySettings } from './display-settings.tsx'
import { NotificationSettings } from './notification-settings.tsx'
import { languageOptions } from './options.ts'
import { PrivacySettings } from './privacy-settings.tsx'
import { ProfileForm } from './profile-form.tsx'
import { UpdateSettings } from './update-settings.tsx'
import styles from './settings-dialog.module.css'

interface SettingsDialogProps {
  onClose: () => void
  /** Opens what concerns the account on the relay. */
  onAccount: () => void
  /** Opens the relay inside this app, where there can be one. */
  onHost: (() => void) | undefined
  /** Opens the page of the relay's owner, for one. */
  onOwnerPage: (() => void) | undefined
}

export function SettingsDialog({ onClose, onAccount, onHost, onOwnerPage }: SettingsDialogProps) {
  const texts = useTexts()
  const { hosting } = useHostingTexts()
  const { settings } = texts
  const services = useServices()
  const relays = useRelays()
  const { me, relayUrl } = services
  const kept = useObservable(() => from(services.sessionKept()), [services])
  const { preferences, change } = usePreferences()
  const shell = desktopBridge()?.settings
  return (
    <Dialog title={settings.title} closeLabel={texts.close} onClose={onClose}>
      <div className={styles.settings}>
        <ProfileForm account={settings.account(me.username, new URL(relayUrl).host)} />
        <div className={styles.doors}>
          <Button onClick={onAccount}>{texts.account.open}</Button>
          {onOwnerPage && <Button onClick={onOwnerPage}>{texts.admin.open}</Button>}
          {onHost && <Button onClick={onHost}>{hosting.open}</Button>}
          {relays?.list.length === 1 && <Button onClick={() => relays.add()}>{texts.relays.add}</Button>}
        </div>
        <PrivacySettings />
        <NotificationSettings />
        {shell && (
          <AppSettings shell={shell}>
            <UpdateSettings />
          </AppSettings>
        )}
        <DisplaySettings />
        <Choice
          label={settings.language}
          options={languageOptions(texts)}
          value={preferences.language}
          onValue={(language) => change({ language })}
        />
        <p className={styles.note}>{settings.onThisDevice}</p>
        {kept === 'this-run-only' && <p className={styles.note}>{settings.noKeyring}</p>}
        {kept === 'file' && <p className={styles.note}>{settings.tokenInFile}</p>}
      </div>
    </Dialog>
  )
}
