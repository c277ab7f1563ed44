// The name by which systems know the app: package.json's desktopName, the packages' appId and Windows' taskbar say the same. Knows nothing else.

/** Reverse DNS, as desktop portals want it. Never renamed: what systems remember of the app (pins, permissions, autostart) hangs on it. */
export const APP_ID = 'chat.maru.Maru'

/** By which Windows starts the app for a notification of an earlier run. Never changed: shortcuts that are installed carry it. */
export const TOAST_ACTIVATOR_ID = '{156AE3CE-21F0-4FE9-8E5A-7B4F807310D5}'
