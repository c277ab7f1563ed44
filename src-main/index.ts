// The desktop shell's process: fences first, then one window that shows the client. The only file here that starts anything.
import { app, BrowserWindow, session } from 'electron'
import { join } from 'node:path'
import { registerAppScheme, serveApp } from './app-protocol.ts'
import { parseArguments } from './arguments.ts'
import { startAroundPage } from './around-page.ts'
import { bundleAt } from './bundle.ts'
import { listenForLinks } from './deep-links.ts'
import type { DeepLinks } from './deep-links.ts'
import { findRelays } from './found-relays.ts'
import { integrate } from './integration.ts'
import { answerQuestions } from './ipc.ts'
import { wasStartedAtLogin } from './login-item.ts'
import { showMenu } from './menu.ts'
import { lockNavigation } from './navigation.ts'
import { lockPermissions } from './permissions.ts'
import { startRelayPart } from './relay-part.ts'
import { createSecrets } from './secrets.ts'
import { startSettings } from './settings-part.ts'
import { becomeOnlyInstance, comeForwardWhenCalled } from './single-instance.ts'
import { tell } from './tell.ts'
import { startUpdates, waysToUpdate } from './updates-part.ts'
import { bringForward, createWindow, loadApp } from './window.ts'

const bundle = bundleAt(import.meta.dirname)
const args = parseArguments(process.argv)

/** For developers, on the terminal that the app was started from. */
function report(problem: unknown): void {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
  process.stderr.write(`${text}\n`)
}

function currentWindow(): BrowserWindow | null {
  return BrowserWindow.getAllWindows()[0] ?? null
}

function openWindow(hidden: boolean): BrowserWindow {
  const window = createWindow(bundle.preload, { hidden })
  loadApp(window).catch(report)
  return window
}

function start(links: DeepLinks): void {
  lockPermissions(session.defaultSession)
  serveApp(session.defaultSession, bundle.client)
  const secrets = createSecrets({
    folder: join(app.getPath('userData'), 'maru'),
    platform: process.platform,
    inFile: args.tokenInFile,
    onProblem: report
  })
  const ways = waysToUpdate(process.platform, process.resourcesPath)
  const { settings, answers: settingsAnswers } = startSettings({
    platform: process.platform,
    has: () => ({ tray: integration.hasTray, updates: ways !== null }),
    onProblem: report
  })
  const around = startAroundPage({
    languages: app.getPreferredSystemLanguages(),
    currentWindow,
    onProblem: report
  })
  const open = (hidden = false): void => {
    const window = openWindow(hidden)
    around.follow(window)
    integration.follow(window)
  }
  /** From the tray, from behind others, or anew. */
  const comeForward = (): void => {
    const window = currentWindow()
    if (window === null) open()
    else bringForward(window)
  }
  const integration = integrate({
    platform: process.platform,
    languages: app.getPreferredSystemLanguages(),
    currentWindow,
    comeForward,
    settings,
    keepsRunning: () => relays.hosting.keepsAppRunning(),
    folder: join(app.getPath('userData'), 'maru'),
    onProblem: report
  })
  // Before the first page: Chromium asks about a certificate once.
  const relays = startRelayPart({
    session: session.defaultSession,
    bundle,
    currentWindow,
    findRelays,
    beforeQuit: (work) => integration.quitting.add(work),
    onProblem: report
  })
  const updates = startUpdates({
    ways,
    folder: join(app.getPath('userData'), 'maru'),
    settings,
    quitting: integration.quitting,
    onState: (state) => tell(currentWindow(), 'updates:state', state),
    onProblem: report
  })
  answerQuestions({
    ...settingsAnswers,
    ...integration.answers,
    ...around.answers,
    ...relays.answers,
    ...updates.answers,
    'desktop:facts': async () => ({
      platform: process.platform,
      version: app.getVersion(),
      ...(args.suggestedRelay === undefined ? {} : { suggestedRelay: args.suggestedRelay })
    }),
    'desktop:take-link': async () => links.take(),
    'secret:load': async () => secrets.load(),
    'secret:save': async (text) => secrets.save(text),
    'secret:forget': async () => secrets.forget(),
    'secret:kept': async () => secrets.kept()
  })
  showMenu(process.platform, app.getPreferredSystemLanguages())
  // Into the tray alone: without one, nobody would find it.
  open(integration.hasTray && (args.hidden || wasStartedAtLogin(process.platform)))
  comeForwardWhenCalled(comeForward)
}

function fail(error: unknown): void {
  report(error)
  app.exit(1)
}

if (becomeOnlyInstance()) {
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
