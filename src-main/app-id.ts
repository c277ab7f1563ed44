// The name by which systems know the app: package.json's desktopName, the packages' appId and Windows' taskbar say the same. Knows nothing else.

/** Reverse DNS, as desktop portals want it. Never renamed: what systems remember of the app (pins, permissions, autostart) hangs on it. */
export const APP_ID = 'chat.maru.Maru'
