// Holds the import rules of the project: which folder may import which, and where a package may be named. All of them
// are in the two tables below; `npm run lint` runs this file. It reads specifiers only and runs nothing it reads.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the relay is put together: nothing that it puts together may know of it. */
const composition = [
  'server/main.ts',
  'server/relay.ts',
  'server/open-storage.ts',
  'server/commands/',
  'server/hosting/'
]

/**
 * The first zone whose `in` is a start of a file's path holds for that file.
 * `may`: the only paths of ours it may import besides its own folder (`in`). A path that ends with `/` is a folder.
 * `never`: paths of ours it must not import, even if `may` would allow them.
 * Where `in` ends with `/*`, each folder below is a zone of its own: siblings do not import each other.
 * `tests`: the zone is for tests only.
 * @type {{ in: string, tests?: boolean, may: string[], never?: string[] }[]}
 */
const zones = [
  { in: 'protocol/', may: [] },

  // The relay: http and socket → domain → ports. Drivers are named where the relay is put together, see `drivers`.
  // Its tests may put any part of it together.
  { in: 'server/', tests: true, may: ['protocol/', 'scripts/postgres.mjs'] },
  { in: 'server/http/', may: ['server/', 'protocol/'], never: [...composition, 'server/socket/', 'server/storage/'] },
  { in: 'server/socket/', may: ['server/', 'protocol/'], never: [...composition, 'server/http/', 'server/storage/'] },
  {
    in: 'server/live/',
    may: ['server/', 'protocol/'],
    never: [...composition, 'server/http/', 'server/socket/', 'server/storage/']
  },
  { in: 'server/domain/', may: ['server/', 'protocol/'], never: [...composition, 'server/http/', 'server/socket/'] },
  {
    in: 'server/storage/',
    may: ['server/', 'protocol/'],
    never: [...composition, 'server/http/', 'server/socket/', 'server/domain/']
  },
  { in: 'server/tls/', may: ['server/clock.ts', 'server/config.ts'] },
  { in: 'server/', may: ['protocol/'] },

  // The client: features → store, live, search, ui, platform; sync → store, connection; live → connection; ui → nobody.
  // Files directly in src-renderer/ put it together; of these, features see services.ts and the texts.
  {
    in: 'src-renderer/features/*',
    may: [
      // What is asked and told, and what follows from it: nothing that writes records.
      'src-renderer/store/chat-store.ts',
      'src-renderer/store/read-numbers.ts',
      'src-renderer/store/unread-in.ts',
      'src-renderer/live/',
      'src-renderer/search/',
      'src-renderer/emoji/',
      'src-renderer/presence/',
      'src-renderer/destinations/',
      'src-renderer/hosting/',
      'src-renderer/ui/',
      'src-renderer/platform/',
      'src-renderer/texts',
      'src-renderer/services.ts',
      'src-renderer/services-context.tsx',
      'protocol/'
    ]
  },
  {
    in: 'src-renderer/emoji/',
    may: ['src-renderer/ui/', 'src-renderer/texts', 'src-renderer/search/hangul.ts', 'protocol/']
  },
  {
    in: 'src-renderer/destinations/',
    may: [
      'src-renderer/store/chat-store.ts',
      'src-renderer/search/hangul.ts',
      'src-renderer/ui/',
      'src-renderer/texts',
      'src-renderer/services-context.tsx',
      'protocol/'
    ]
  },
  {
    in: 'src-renderer/presence/',
    may: [
      'src-renderer/live/',
      'src-renderer/ui/',
      'src-renderer/platform/',
      'src-renderer/texts',
      'src-renderer/services-context.tsx',
      'protocol/'
    ]
  },
  { in: 'src-renderer/hosting/', may: ['src-renderer/ui/', 'src-renderer/platform/', 'src-renderer/texts'] },
  { in: 'src-renderer/ui/', may: ['src-renderer/texts'] },
  { in: 'src-renderer/texts', may: ['protocol/'] },
  { in: 'src-renderer/store/', may: ['src-renderer/platform/', 'src-renderer/emoji/qualified.ts', 'protocol/'] },
  { in: 'src-renderer/sync/', may: ['src-renderer/store/', 'src-renderer/connection/', 'protocol/'] },
  {
    in: 'src-renderer/live/',
    tests: true,
    may: ['src-renderer/connection/', 'src-renderer/sync/testing/virtual-clock.ts', 'protocol/']
  },
  { in: 'src-renderer/live/', may: ['src-renderer/connection/', 'protocol/'] },
  { in: 'src-renderer/search/', may: ['src-renderer/store/', 'protocol/'] },
  {
    in: 'src-renderer/notify/',
    may: [
      'src-renderer/store/',
      'src-renderer/platform/',
      'src-renderer/connection/clock.ts',
      'src-renderer/sync/testing/',
      'src-renderer/texts',
      'protocol/'
    ]
  },
  { in: 'src-renderer/connection/', may: ['src-renderer/platform/', 'protocol/'] },
  { in: 'src-renderer/platform/', may: [] },
  { in: 'src-renderer/', may: ['protocol/'] },

  // The desktop shell knows no chat: it shares the bridge's types with the client, and with a relay that it hosts or finds how the two speak.
  // build/: pictures that are built into it.
  { in: 'src-main/', may: ['src-renderer/platform/bridge.ts', 'protocol/hosting.ts', 'protocol/lan.ts', 'build/'] },

  // Relay and client in one process: the real domain and storage, the real sync engine; no screen, no door.
  {
    in: 'simulation/',
    may: ['protocol/', 'server/', 'src-renderer/connection/', 'src-renderer/store/', 'src-renderer/sync/'],
    never: composition
  },

  // Whoever runs the whole product may see all of it.
  { in: 'bench/', may: [''] },
  { in: 'e2e/', may: [''] },
  { in: 'scripts/', may: [''] }
]

/**
 * Modules of ours that only a few may name. Files of the same folder may always do so.
 * @type {{ path: string, onlyIn: string[], tests: boolean }[]}
 */
const drivers = ['lowdb', 'postgres'].map((name) => ({
  path: `server/storage/${name}/`,
  onlyIn: [...composition, 'simulation/', 'e2e/', 'scripts/'],
  tests: true
}))

/**
 * Packages that belong to one place. `tests`: whether tests anywhere (outside protocol/) may use them too.
 * @type {{ package: RegExp, onlyIn: string[], tests: boolean }[]}
 */
const packages = [
  { package: /^rxdb$/, onlyIn: ['src-renderer/store/'], tests: false },
  { package: /^socket\.io-client$/, onlyIn: ['src-renderer/connection/', 'e2e/', 'scripts/'], tests: true },
  { package: /^lowdb$/, onlyIn: ['server/storage/lowdb/'], tests: false },
  { package: /^pg$/, onlyIn: ['server/storage/postgres/', 'bench/'], tests: false },
  { package: /^(express|socket\.io|helmet|cors|pino)$/, onlyIn: ['server/', 'e2e/', 'scripts/'], tests: false },
  { package: /^(react|react-dom)$/, onlyIn: ['src-renderer/'], tests: false },
  { package: /^(@peculiar\/.*)$/, onlyIn: ['server/tls/'], tests: false },
  { package: /^(multicast-dns|dns-packet)$/, onlyIn: ['server/hosting/', 'src-main/found-relays'], tests: false },
  { package: /^electron$/, onlyIn: ['src-main/'], tests: false },
  { package: /^electron-updater$/, onlyIn: ['src-main/updater.ts'], tests: false },
  { package: /^node:/, onlyIn: ['server/', 'src-main/', 'simulation/', 'e2e/', 'scripts/', 'bench/'], tests: true }
]

const sourceFile = /\.(ts|tsx|mjs)$/
const testFile = /\.test\.(ts|tsx|mjs)$|\/testing\//
const specifierPatterns = [
  /^\s*import\s+(?:type\s+)?[^'"()]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /^\s*export\s+(?:type\s+)?(?:\*|\{)[^'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*[,)]/g
]

/** @param {string} text @returns {string[]} what a source text imports or re-exports, types included */
export function specifiersOf(text) {
  return specifierPatterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** @param {string} path @param {string[]} starts */
const startsWithAny = (path, starts) => starts.some((start) => path.startsWith(start))

/**
 * @param {string} file
 * @returns {{ home: string, may: string[], never: string[] } | undefined} the zone of a file; `home` is its own folder
 */
function zoneOf(file) {
  for (const zone of zones) {
    if (zone.tests && !testFile.test(file)) continue
    const eachFolder = zone.in.endsWith('/*')
    const base = eachFolder ? zone.in.slice(0, -1) : zone.in
    if (!file.startsWith(base)) continue
    const below = file.slice(base.length)
    const home = eachFolder && below.includes('/') ? `${base}${below.slice(0, below.indexOf('/') + 1)}` : base
    return { home, may: zone.may, never: zone.never ?? [] }
  }
  return undefined
}

/**
 * @param {string} file a path from the root, with `/`
 * @param {string} specifier as written in that file
 * @param {(path: string) => boolean} isFile whether a path from the root is a file
 * @returns {string | undefined} what is wrong with it, as the end of a sentence
 */
export function problemWith(file, specifier, isFile) {
  const isTest = testFile.test(file)
  if (!specifier.startsWith('.')) {
    const name = specifier.startsWith('node:')
      ? specifier
      : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const rule = packages.find((each) => each.package.test(name))
    if (!rule || startsWithAny(file, rule.onlyIn)) return undefined
    if (rule.tests && isTest && !file.startsWith('protocol/')) return undefined
    return `package ${name} belongs to ${rule.onlyIn.join(', ')}`
  }

  const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''))
  if (!isFile(target)) return 'there is no such file (write the path with its extension)'
  const zone = zoneOf(file)
  if (!zone) return undefined
  const driver = drivers.find(({ path }) => target.startsWith(path) && !file.startsWith(path))
  if (driver && !startsWithAny(file, driver.onlyIn) && !(driver.tests && isTest)) {
    return `${driver.path} is named only in ${driver.onlyIn.join(', ')} and in tests`
  }
  if (target.startsWith(zone.home) && !startsWithAny(target, zone.never)) return undefined
  if (startsWithAny(target, zone.may) && !startsWithAny(target, zone.never)) return undefined
  return `${zone.home} may not import it`
}

/** @param {string} root @param {string} folder @returns {string[]} source files, as paths from the root with `/` */
function sourceFiles(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .filter((path) => sourceFile.test(path))
}

/** @param {string} root @returns {string[]} every import that breaks a rule, one line each */
export function checkImports(root) {
  const isFile = (/** @type {string} */ path) => /\.\w+$/.test(path) && existsSync(join(root, path))
  return ['protocol', 'server', 'src-main', 'src-renderer', 'simulation', 'e2e', 'scripts', 'bench'].flatMap((folder) =>
    sourceFiles(root, folder).flatMap((file) =>
      specifiersOf(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => {
        const problem = problemWith(file, specifier, isFile)
        return problem ? [`${file} imports ${specifier}: ${problem}`] : []
      })
    )
  )
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = checkImports(join(import.meta.dirname, '..'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
