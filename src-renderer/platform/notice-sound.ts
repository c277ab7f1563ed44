// The one sound of the app, played where it was asked for.

let audio: HTMLAudioElement | undefined

/** Plays it from its beginning. Rejects where the browser wants the person to have done something in the page before. */
export async function playNoticeSound(): Promise<void> {
  audio ??= new Audio('./notice.wav')
  audio.currentTime = 0
  await audio.play()
}
