// Whether the person has stopped the loading of old history on this device. Kept beside the app's data, never sent anywhere.

const KEY = 'maru.history-paused'

export function isHistoryPaused(storage: Pick<Storage, 'getItem'>): boolean {
  return storage.getItem(KEY) === 'true'
}

export function saveHistoryPaused(storage: Pick<Storage, 'setItem' | 'removeItem'>, paused: boolean): void {
  if (paused) storage.setItem(KEY, 'true')
  else storage.removeItem(KEY)
}
