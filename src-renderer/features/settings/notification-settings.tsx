// What one is notified of on this device, and whether the browser lets it: told in a sentence, with what can be done about it.
import { useState } from 'react'
import { desktopBridge } from '../../platform/bridge.ts'
import { browserNotifier } from '../../platform/browser-notifier.ts'
import { playNoticeSound } from '../../platform/notice-sound.ts'
import { openNotifier } from '../../platform/notifier.ts'
import { keywordsIn, MAX_KEYWORD_CHARS, MAX_KEYWORDS, NOTICE_WORDS } from '../../platform/notify-settings.ts'
import type { NotifySettings } from '../../platform/notify-settings.ts'
import { useNotifySettings } from '../../platform/use-notify-settings.ts'
import { useServices } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { CheckLine } from '../../ui/check-line.tsx'
import { Choice } from '../../ui/choice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './notification-settings.module.css'
import section from './section.module.css'

export function NotificationSettings() {
  const { notifySettings } = useTexts()
  const { settings, change } = useNotifySettings(useServices().me.userId)
  const words = { text: notifySettings.wordsText, name: notifySettings.wordsName, nothing: notifySettings.wordsNothing }
  return (
    <section className={section.section} aria-labelledby="notification-settings">
      <h3 id="notification-settings" className={section.title}>
        {notifySettings.title}
      </h3>
      <CheckLine label={notifySettings.on} checked={settings.on} onChecked={(on) => change({ on })} />
      {settings.on && (
        <>
          <Permission />
          <Choice
            label={notifySettings.words}
            options={NOTICE_WORDS.map((value) => ({ value, words: words[value] }))}
            value={settings.words}
            onValue={(value) => change({ words: value })}
          />
          <div className={styles.row}>
            <CheckLine label={notifySettings.sound} checked={settings.sound} onChecked={(sound) => change({ sound })} />
            {settings.sound && (
              <Button small look="quiet" onClick={() => void playNoticeSound()}>
                {notifySettings.tryIt}
              </Button>
            )}
          </div>
          <Keywords keywords={settings.keywords} onKeywords={(keywords) => change({ keywords })} />
          <QuietHours quiet={settings.quiet} onQuiet={(quiet) => change({ quiet })} />
        </>
      )}
    </section>
  )
}

/** Asks only when the person presses the button. */
function Permission() {
  const { notifySettings } = useTexts()
  const [notifier] = useState(() => openNotifier(desktopBridge()?.notifications ?? null, browserNotifier))
  const [may, setMay] = useState(() => notifier.may())
  return (
    <div className={styles.permission}>
      <output className={section.note}>{notifySettings.state[may]}</output>
      {may === 'ask' && (
        <Button
          onClick={() => {
            notifier.ask().then(setMay, () => setMay(notifier.may()))
          }}
        >
          {notifySettings.allow}
        </Button>
      )}
    </div>
  )
}

interface KeywordsProps {
  keywords: readonly string[]
  onKeywords: (keywords: string[]) => void
}

/** What is written holds at once, as far as it can be used. */
function Keywords({ keywords, onKeywords }: KeywordsProps) {
  const { notifySettings } = useTexts()
  const [written, setWritten] = useState(() => keywords.join(', '))
  const words = keywordsIn(written)
  const problem =
    words.length > MAX_KEYWORDS
      ? notifySettings.tooMany(MAX_KEYWORDS)
      : words.some((word) => word.length > MAX_KEYWORD_CHARS)
        ? notifySettings.tooLong(MAX_KEYWORD_CHARS)
        : undefined
  return (
    <TextField
      label={notifySettings.keywords}
      hint={notifySettings.keywordsHint}
      error={problem}
      value={written}
      autoComplete="off"
      onValue={(text) => {
        setWritten(text)
        const now = keywordsIn(text)
        if (now.length <= MAX_KEYWORDS && now.every((word) => word.length <= MAX_KEYWORD_CHARS)) onKeywords(now)
      }}
    />
  )
}

interface QuietHoursProps {
  quiet: NotifySettings['quiet']
  onQuiet: (quiet: NotifySettings['quiet']) => void
}

function QuietHours({ quiet, onQuiet }: QuietHoursProps) {
  const { notifySettings } = useTexts()
  /** A field that is being emptied has no time, and changes nothing. */
  const take = (end: 'from' | 'to') => (time: string) => {
    if (time !== '') onQuiet({ ...quiet, [end]: time.slice(0, 5) })
  }
  return (
    <>
      <CheckLine label={notifySettings.quiet} checked={quiet.on} onChecked={(on) => onQuiet({ ...quiet, on })} />
      {quiet.on && (
        <>
          <div className={styles.hours}>
            <TextField type="time" label={notifySettings.from} value={quiet.from} onValue={take('from')} />
            <TextField type="time" label={notifySettings.to} value={quiet.to} onValue={take('to')} />
          </div>
          <p className={section.note}>{notifySettings.quietHint}</p>
        </>
      )}
    </>
  )
}
