// Devices in the journal: of a device that has many answers waiting, only what a commit adds is written [S16]. Knows no file.
import type { Device } from '../port.ts'

/** A device as a journal line carries it. */
export interface DeviceEntry extends Device {
  /** `answers` holds only the new ones: those before them that are not settled stay. */
  more?: true
}

/** What the journal needs of `device`, when `former` is the committed one. */
export function toEntry(device: Device, former: Device | undefined): DeviceEntry {
  const kept = former?.answers.filter((answer) => answer.n > device.settled) ?? []
  const isSame = kept.every((answer, index) => answer === device.answers[index])
  if (kept.length === 0 || !isSame) return device
  return { ...device, answers: device.answers.slice(kept.length), more: true }
}

/** The device that `toEntry` was given. */
export function fromEntry({ more, ...device }: DeviceEntry, former: Device | undefined): Device {
  if (!more) return device
  const kept = former?.answers.filter((answer) => answer.n > device.settled) ?? []
  return { ...device, answers: [...kept, ...device.answers] }
}
