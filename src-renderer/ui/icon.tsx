// The icons: line drawings on a grid of 24, coloured by the text around them. Decoration unless given a label.
import type { ReactNode } from 'react'
import styles from './icon.module.css'

const shapes = {
  plus: <path d="M12 5v14M5 12h14" />,
  back: <path d="m14.5 5-7 7 7 7" />,
  send: <path d="M12 19V6M6 11.5 12 5.5l6 6" />,
  down: <path d="M12 5v13M6 12.5l6 6 6-6" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.25" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  warning: (
    <>
      <circle cx="12" cy="12" r="8.25" />
      <path d="M12 7.75v5M12 16h.01" />
    </>
  ),
  online: <circle cx="12" cy="12" r="4.5" fill="currentColor" stroke="none" />,
  connecting: <path d="M19.5 12a7.5 7.5 0 1 1-2.4-5.5M17.5 3v4h-4" />,
  offline: (
    <>
      <path d="M7.2 18h9.3a4 4 0 0 0 1.9-7.5M15.6 7.3A5.6 5.6 0 0 0 7 10.1 4 4 0 0 0 5 17" />
      <path d="m4 4 16 16" />
    </>
  ),
  retry: <path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M6.5 3v4h4" />,
  trash: <path d="M5 7h14M10 7V4.75h4V7M7 7l.8 12.25h8.4L17 7" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
      <path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" />
    </>
  ),
  eye: (
    <>
      <path d="M3 12s3.2-6 9-6 9 6 9 6-3.2 6-9 6-9-6-9-6Z" />
      <circle cx="12" cy="12" r="2.5" />
    </>
  ),
  'eye-off': (
    <>
      <path d="M5.5 8.5C3.9 10 3 12 3 12s3.2 6 9 6c1.5 0 2.8-.4 3.9-1M9.5 6.3A9 9 0 0 1 12 6c5.8 0 9 6 9 6s-.8 1.6-2.3 3" />
      <path d="m4 4 16 16" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8.5" r="3.25" />
      <path d="M3 19c.4-3.4 2.8-5.25 6-5.25S14.6 15.6 15 19M15.5 5.6a3.25 3.25 0 0 1 0 5.8M17.5 14.2c2 .7 3.2 2.3 3.5 4.8" />
    </>
  ),
  home: <path d="M4 11.5 12 4.75l8 6.75M6.25 10v9.25h11.5V10" />,
  invite: (
    <>
      <circle cx="10" cy="8.5" r="3.25" />
      <path d="M4 19c.4-3.4 2.8-5.25 6-5.25S15.6 15.6 16 19M19 7v6M16 10h6" />
    </>
  ),
  settings: (
    <>
      <circle cx="12" cy="12" r="2.75" />
      <path d="M12 3.5v2.2M12 18.3v2.2M3.5 12h2.2M18.3 12h2.2M6 6l1.55 1.55M16.45 16.45 18 18M18 6l-1.55 1.55M7.55 16.45 6 18" />
      <circle cx="12" cy="12" r="6.3" />
    </>
  ),
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth={2.6} />,
  reply: <path d="M9.5 6 4.5 11l5 5M5 11h8.5a6 6 0 0 1 6 6v1" />,
  forward: <path d="m14.5 6 5 5-5 5M19 11h-8.5a6 6 0 0 0-6 6v1" />,
  edit: <path d="m5 19 .9-3.9L16 5l3 3L8.9 18.1 5 19ZM14 7l3 3" />,
  smile: (
    <>
      <circle cx="12" cy="12" r="8.25" />
      <path d="M8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9.25 9.75h.01M14.75 9.75h.01" />
    </>
  ),
  link: (
    <path d="M10 13.8a3.6 3.6 0 0 0 5.2.3l2.6-2.6a3.6 3.6 0 0 0-5.1-5.1l-1.3 1.2M14 10.2a3.6 3.6 0 0 0-5.2-.3l-2.6 2.6a3.6 3.6 0 0 0 5.1 5.1l1.3-1.2" />
  ),
  pin: <path d="M9.25 4.5h5.5M10 4.5v5l-2.75 3.75h9.5L14 9.5v-5M12 13.25v6.25" />,
  mute: (
    <>
      <path d="M7.5 16.5V11a4.5 4.5 0 0 1 7.3-3.5M16.5 11.5v5M5.5 16.5h11.5M10.5 19a1.6 1.6 0 0 0 3 0" />
      <path d="m4 4 16 16" />
    </>
  ),
  bell: <path d="M7.5 16.5V11a4.5 4.5 0 0 1 9 0v5.5M5.5 16.5h13M10.5 19a1.6 1.6 0 0 0 3 0" />,
  unread: (
    <>
      <path d="M19 11v5.5a2 2 0 0 1-2 2H7l-3 2.25V7.5a2 2 0 0 1 2-2h7" />
      <circle cx="18" cy="6.5" r="2.5" fill="currentColor" stroke="none" />
    </>
  ),
  pause: <path d="M9 6.5v11M15 6.5v11" />,
  play: <path d="M8.5 6v12l9.5-6-9.5-6Z" />,
  closed: (
    <>
      <rect x="5.5" y="10.5" width="13" height="9" rx="2" />
      <path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />
    </>
  ),
  aside: (
    <>
      <path d="M19.5 12.5v3a2 2 0 0 1-2 2H9l-4.5 3V8a2 2 0 0 1 2-2h4" />
      <path d="M14 9.5V7.75a2.25 2.25 0 0 1 4.5 0V9.5M13 9.5h6.5v4H13z" />
    </>
  ),
  talk: <path d="M4.5 20.5V8a2 2 0 0 1 2-2h11a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2H9l-4.5 3Z" />,
  search: (
    <>
      <circle cx="11" cy="11" r="6.25" />
      <path d="m15.75 15.75 4 4" />
    </>
  ),
  block: (
    <>
      <circle cx="12" cy="12" r="8.25" />
      <path d="m6.2 6.2 11.6 11.6" />
    </>
  ),
  leave: <path d="M14 5H6.5v14H14M11 12h9.5M17 8.5l3.5 3.5-3.5 3.5" />
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** `size` in px. With a `label` it is an image of that name, without one it is hidden from assistive technology. */
export function Icon({ name, size = 20, label }: { name: IconName; size?: number; label?: string }) {
  return (
    <svg
      className={styles.icon}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {shapes[name]}
    </svg>
  )
}
