// Gives the person a file, as the browser or the shell does with downloads.

export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads it for a while after the click; it goes with the page.
}
