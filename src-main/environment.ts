// What the shell is told by its environment. The only file of src-main that reads it.

/**
 * The file that a Linux AppImage was started from, which is where it will be found again; what runs (`program`) lies in a folder that goes with it.
 * Undefined where it does not: programs that an AppImage has started inherit its name.
 */
export function appImagePath(program = process.execPath): string | undefined {
  const { APPIMAGE, APPDIR } = process.env
  return APPDIR === undefined || program.startsWith(`${APPDIR}/`) ? APPIMAGE : undefined
}
