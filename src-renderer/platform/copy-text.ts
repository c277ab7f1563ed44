// Copies text where the browser allows it. Plain http on a LAN address is no secure context and has no clipboard API.

/** Resolves with whether the text is now in the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = navigator.clipboard
  if (clipboard === undefined) return false
  return clipboard.writeText(text).then(
    () => true,
    () => false
  )
}
