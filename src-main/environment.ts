// What the shell is told by its environment. The only file of src-main that reads it.

/** The file that a Linux AppImage was started from, which is where it will be found again; what runs lies in a folder that goes with it. */
export function appImagePath(): string | undefined {
  return process.env['APPIMAGE']
}
