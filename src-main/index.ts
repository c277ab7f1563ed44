// The desktop shell's process: fences first, then one window that shows the client. The only file here that starts anything.
import { app, BrowserWindow, session } from 'electron'
import { join } from 'node:path'
import { registerAppScheme, serveApp } from './app-protocol.ts'
import { parseArguments } from './arguments.ts'
import { startAroundPage } from './around-page.ts'
import type { AroundPage } from './around-page.ts'
import { listenForLinks } from './deep-links.ts'
import type { DeepLinks } from './deep-links.ts'
import { answerQuestions } from './ipc.ts'
import { showMenu } from './menu.ts'
import { lockNavigation } from './navigation.ts'
import { lockPermissions } from './permissions.ts'
import { whyUnreachable } from './reachability.ts'
import { createSecrets } from './secrets.ts'
import { startSettings } from './settings-part.ts'
import { becomeOnlyInstance } from './single-instance.ts'
import { createWindow, loadApp } from './window.ts'

const folder = import.meta.dirname
const args = parseArguments(process.argv)

/** For developers, on the terminal that the app was started from. */
function report(problem: unknown): void {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
  process.stderr.write(`${text}\n`)
}

function currentWindow(): BrowserWindow | null {
  return BrowserWindow.getAllWindows()[0] ?? null
}

function openWindow(around: AroundPage): void {
  const window = createWindow(join(folder, '../preload/preload.cjs'), { hidden: false })
  around.follow(window)
  loadApp(window).catch(report)
}

function start(links: DeepLinks): void {
  lockPermissions(session.defaultSession)
  serveApp(session.defaultSession, join(folder, '../renderer'))
  const secrets = createSecrets({
    folder: join(app.getPath('userData'), 'maru'),
    platform: process.platform,
    inFile: args.tokenInFile,
    onProblem: report
  })
  const { answers: settingsAnswers } = startSettings({
    platform: process.platform,
    has: () => ({ tray: false, updates: false }),
    onProblem: report
  })
  const around = startAroundPage({ languages: app.getPreferredSystemLanguages(), currentWindow, onProblem: report })
  answerQuestions({
    ...settingsAnswers,
    ...around.answers,
    'desktop:facts': async () => ({
      platform: process.platform,
      version: app.getVersion(),
      ...(args.suggestedRelay === undefined ? {} : { suggestedRelay: args.suggestedRelay })
    }),
    'desktop:take-link': async () => links.take(),
    'secret:load': async () => secrets.load(),
    'secret:save': async (text) => secrets.save(text),
    'secret:forget': async () => secrets.forget(),
    'secret:kept': async () => secrets.kept(),
    'relay:why-unreachable': async (url) => whyUnreachable(url)
  })
  showMenu(process.platform, app.getPreferredSystemLanguages())
  openWindow(around)
  app.on('activate', () => {
    if (currentWindow() === null) openWindow(around)
  })
}

function fail(error: unknown): void {
  report(error)
  app.exit(1)
}

if (becomeOnlyInstance(currentWindow)) {
  app.enableSandbox()
  registerAppScheme()
  const links = listenForLinks(process.argv, currentWindow)
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, report))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  // Never awaited at the top level: `ready` waits for this module to end.
  void app
    .whenReady()
    .then(() => start(links))
    .catch(fail)
} else {
  app.quit()
}
