// New versions as the page sees them: whether this build can have any, what was put off on the disk, and the setting that makes the app look by itself.
import { app } from 'electron'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { UpdateState } from '../src-renderer/platform/bridge.ts'
import { appImagePath } from './environment.ts'
import type { Answers } from './ipc.ts'
import type { Quitting } from './quitting.ts'
import type { Settings } from './settings.ts'
import { loadUpdater } from './updater.ts'
import type { Updater, UpdaterOptions } from './updater.ts'
import { createUpdates } from './updates.ts'
import type { Postponed } from './updates.ts'
import { writeWhole } from './whole-file.ts'

const FILE = 'postponed-update.json'
const postponedSchema = z.object({ version: z.string(), until: z.number() })

export interface UpdatesPartOptions {
  /** As `waysToUpdate` says. */
  ways: UpdaterOptions | null
  /** The shell's own. */
  folder: string
  settings: Pick<Settings, 'watch'>
  quitting: Pick<Quitting, 'finish'>
  onState: (state: UpdateState) => void
  onProblem: (problem: unknown) => void
  /** The library, for tests. */
  load?: (options: UpdaterOptions) => Promise<Updater>
}

export interface UpdatesPart {
  answers: Pick<Answers, 'updates:state' | 'updates:look' | 'updates:download' | 'updates:install' | 'updates:postpone'>
}

/** How this installation can be replaced; null where it cannot, or has no address to look at. `resourcesPath`: where a package puts what belongs to it. */
export function waysToUpdate(platform: NodeJS.Platform, resourcesPath: string): UpdaterOptions | null {
  if (!app.isPackaged || !existsSync(join(resourcesPath, 'app-update.yml'))) return null
  if (platform !== 'linux') return { installsWhenQuitting: true }
  // deb and rpm are put in place by root, for which the system asks for a password.
  if (existsSync(join(resourcesPath, 'package-type'))) return { installsWhenQuitting: false }
  return appImagePath() === undefined ? null : { installsWhenQuitting: true }
}

/** Begins to follow the setting. Needs a ready app. */
export function startUpdates(options: UpdatesPartOptions): UpdatesPart {
  const { ways, folder, settings, quitting, onState, onProblem, load = loadUpdater } = options
  const file = join(folder, FILE)
  const updates = createUpdates({
    updater: ways && (async () => load(ways)),
    now: Date.now,
    every(ms, work) {
      const timer = setInterval(work, ms)
      return () => clearInterval(timer)
    },
    postponed: {
      load: async () => readPostponed(file, onProblem),
      save: async (postponed) => writeWhole(file, JSON.stringify(postponed))
    },
    finish: async () => quitting.finish(),
    startAgain() {
      const program = appImagePath()
      app.relaunch(program === undefined ? {} : { execPath: program })
      app.quit()
    },
    onProblem
  })
  updates.watch(onState)
  settings.watch((chosen) => updates.lookByItself(chosen.updates))
  return {
    answers: {
      'updates:state': async () => updates.now(),
      'updates:look': async () => updates.look(),
      'updates:download': async () => updates.download(),
      'updates:install': async () => updates.install(),
      'updates:postpone': async () => updates.postpone()
    }
  }
}

/** Null where nothing was put off, or it cannot be read: then the person is told once more. */
async function readPostponed(file: string, onProblem: (problem: unknown) => void): Promise<Postponed | null> {
  try {
    return postponedSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onProblem(error)
    return null
  }
}
