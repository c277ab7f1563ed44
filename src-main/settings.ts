// What the person has chosen for this app on this machine, kept in one small file. Knows what holds, not what anybody makes of it.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { ShellSettings } from '../src-renderer/platform/bridge.ts'
import { writeWhole } from './whole-file.ts'

const FILE = 'settings.json'
/** Where one that cannot be read is put, for whoever wants to look at it. */
const BROKEN = 'settings.broken.json'

const fields = {
  closeToTray: z.boolean(),
  startAtLogin: z.boolean(),
  spelling: z.boolean(),
  updates: z.boolean()
} satisfies { [Name in keyof ShellSettings]: z.ZodType<ShellSettings[Name]> }

/** What is not there holds as the default says; what another version has written besides is passed over. */
const fileSchema = z.object(fields).partial()

/** What the page may ask to change. */
export const settingsPatchSchema = z.strictObject(fields).partial().transform(withoutUndefined)

/**
 * Before the person has said anything. Nothing goes out that nobody has asked for: new versions are not looked for, and words are checked only where the
 * system does it (macOS); elsewhere Chromium downloads dictionaries.
 */
export function defaultSettings(platform: NodeJS.Platform): ShellSettings {
  return { closeToTray: true, startAtLogin: false, spelling: platform === 'darwin', updates: false }
}

export interface SettingsOptions {
  /** Made when it is missing. */
  folder: string
  platform: NodeJS.Platform
  /** Told of what does not stop anybody: a file that cannot be read, somebody who watches and throws. */
  onProblem: (problem: unknown) => void
  /** Brings the system in line with `next`, before it is kept. What this rejects is not kept; what could not be kept is carried out backwards. */
  carryOut?: (next: ShellSettings, before: ShellSettings) => Promise<void>
}

export interface Settings {
  now(): ShellSettings
  /** Resolves with what holds then, on the disk too. Rejects when that could not be; then nothing has changed. One after the other. */
  change(patch: Partial<ShellSettings>): Promise<ShellSettings>
  /** Calls back at once, and with every change. Returns its stop. */
  watch(callback: (settings: ShellSettings) => void): () => void
}

/** Reads the file at once, before it returns: the first window depends on it. */
export function createSettings({ folder, platform, onProblem, carryOut }: SettingsOptions): Settings {
  const path = join(folder, FILE)
  let current: ShellSettings = { ...defaultSettings(platform), ...read(folder, onProblem) }
  let last: Promise<unknown> = Promise.resolve()
  const watching = new Set<(settings: ShellSettings) => void>()

  const tell = (callback: (settings: ShellSettings) => void): void => {
    try {
      callback(current)
    } catch (error) {
      onProblem(error)
    }
  }

  const keep = async (patch: Partial<ShellSettings>): Promise<ShellSettings> => {
    const before = current
    const next = { ...before, ...withoutUndefined(patch) }
    await carryOut?.(next, before)
    try {
      await writeWhole(path, `${JSON.stringify(next, null, 2)}\n`)
    } catch (error) {
      await carryOut?.(before, next)
      throw error
    }
    current = next
    for (const callback of watching) tell(callback)
    return next
  }

  return {
    now: () => current,
    async change(patch) {
      const work = async (): Promise<ShellSettings> => keep(patch)
      const result = last.then(work, work)
      last = result
      return result
    },
    watch(callback) {
      const own = (settings: ShellSettings): void => callback(settings)
      watching.add(own)
      tell(own)
      return () => {
        watching.delete(own)
      }
    }
  }
}

/** What the file says; nothing where there is none, or where it had to be set aside. */
function read(folder: string, onProblem: (problem: unknown) => void): Partial<ShellSettings> {
  const path = join(folder, FILE)
  try {
    return withoutUndefined(fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    onProblem(new Error(`${path} cannot be read; everything is as at first`, { cause: error }))
    const isNonsense = error instanceof SyntaxError || error instanceof z.ZodError
    if (isNonsense) setAside(path, join(folder, BROKEN), onProblem)
    return {}
  }
}

function setAside(path: string, to: string, onProblem: (problem: unknown) => void): void {
  try {
    renameSync(path, to)
  } catch (error) {
    onProblem(error)
  }
}

/** For `exactOptionalPropertyTypes`: what is undefined is not there, and so overwrites nothing. */
function withoutUndefined(patch: { [Name in keyof ShellSettings]?: boolean | undefined }): Partial<ShellSettings> {
  return Object.fromEntries(Object.entries(patch).filter((entry): entry is [string, boolean] => entry[1] !== undefined))
}
