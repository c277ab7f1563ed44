// All keys that do something, by where they do it. Loaded when it is first opened.
import { Fragment } from 'react'
import { usePreferences } from '../../platform/preferences-context.tsx'
import { useRelays } from '../../services-context.tsx'
import { useTexts } from '../../texts/texts-context.tsx'
import type { ShortcutName } from '../../texts/texts.ts'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './shortcut-sheet.module.css'

/** Each alternative as the keys that are held together. */
type Keys = readonly (readonly string[])[]

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}

function shortcuts(sends: 'enter' | 'shift-enter', severalRelays: boolean) {
  const command = isMac() ? '⌘' : 'Ctrl'
  const alt = isMac() ? '⌥' : 'Alt'
  const enter: Keys = [['Enter']]
  const shiftEnter: Keys = [['Shift', 'Enter']]
  return {
    everywhere: [
      ['switcher', [[command, 'K']]],
      ...(severalRelays ? ([['relay', [[command, '1…9']]]] as const) : []),
      ['newRoom', [[command, 'N']]],
      [
        'nextRoom',
        [
          [alt, '↑'],
          [alt, '↓']
        ]
      ],
      [
        'nextUnread',
        [
          ['Shift', alt, '↑'],
          ['Shift', alt, '↓']
        ]
      ],
      ['markRead', [['Esc']]],
      ['settings', [[command, ',']]],
      ['sheet', [[command, '/']]]
    ],
    writing: [
      ['send', sends === 'enter' ? enter : shiftEnter],
      ['lineBreak', sends === 'enter' ? shiftEnter : enter],
      ['editLast', [['↑']]],
      ['mention', [['@']]],
      ['emoji', [[':']]],
      ['cancel', [['Esc']]]
    ],
    messages: [
      ['messages', [['Shift', 'Tab']]],
      ['message', [['↑'], ['↓']]],
      ['backToWriting', [['Esc']]]
    ]
  } as const satisfies Record<string, readonly (readonly [ShortcutName, Keys])[]>
}

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const texts = useTexts()
  const { enterSends } = usePreferences().preferences
  const { groups, of } = texts.shortcuts
  const relays = useRelays()
  const all = shortcuts(enterSends, relays !== null && relays.list.length > 1)
  return (
    <Dialog title={texts.shortcuts.title} closeLabel={texts.close} onClose={onClose}>
      {/* What scrolls has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.all} tabIndex={0}>
        {(['everywhere', 'writing', 'messages'] as const).map((group) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.heading}>{groups[group]}</h3>
            <dl className={styles.keys}>
              {all[group].map(([name, keys]) => (
                <div key={name} className={styles.line}>
                  <dt>{of[name]}</dt>
                  <dd className={styles.ways}>
                    {keys.map((way, index) => (
                      <Fragment key={way.join(' ')}>
                        {index > 0 && <span className={styles.or}>{texts.shortcuts.or}</span>}
                        <span className={styles.way}>
                          {way.map((key) => (
                            <kbd key={key} className={styles.key}>
                              {key}
                            </kbd>
                          ))}
                        </span>
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
