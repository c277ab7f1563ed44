// Writes out/NOTICES.txt: the licences of everything that the desktop app's bundles contain. Knows the bundles only by what scripts/bundled-packages.mjs noted.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BUNDLED_PACKAGES } from './bundled-packages.mjs'
import { root } from './setup.mjs'

export const noticesFile = join(root, 'out/NOTICES.txt')

/** The texts of those who bring none along: `<name>.txt`. */
const keptTexts = join(root, 'docs/licences')

/** What may be shipped without anybody being asked. */
const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'OFL-1.1']

const licenceFile = /^(licen[cs]e|copying|notice)\b.*$/i
const RULE = '-'.repeat(100)

/**
 * @typedef {{ name: string, version: string, licence: string, homepage: string | undefined, texts: string[] }} Part
 * @typedef {{ name?: unknown, version?: unknown, license?: unknown, homepage?: unknown, author?: string | { name?: string }, repository?: { url?: unknown } }} Manifest
 */

/** @param {string} file */
const read = (file) => readFileSync(file, 'utf8').trim()

/** @param {unknown} value */
const textOr = (value) => (typeof value === 'string' ? value : undefined)

/**
 * For who brings no text along: one that is kept here, or that of the MIT licence, which is always the same.
 * @param {Manifest} manifest
 * @returns {string[]}
 */
function textWithout({ name, license, author }) {
  const kept = join(keptTexts, `${String(name)}.txt`)
  if (existsSync(kept)) return [read(kept)]
  const holder = typeof author === 'object' ? author?.name : author
  if (license !== 'MIT' || typeof holder !== 'string') return []
  return [read(join(root, 'LICENSE')).replace(/^Copyright .*$/m, `Copyright (c) ${holder}`)]
}

/**
 * @param {string} folder of an npm package
 * @returns {Part}
 */
export function readPart(folder) {
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (each) => each.isFile() && licenceFile.test(each.name)
  )
  return {
    name: textOr(manifest.name) ?? basename(folder),
    version: textOr(manifest.version) ?? '',
    licence: textOr(manifest.license) ?? '',
    homepage: textOr(manifest.homepage) ?? textOr(manifest.repository?.url),
    texts: files.length > 0 ? files.map(({ name }) => read(join(folder, name))) : textWithout(manifest)
  }
}

/**
 * @param {readonly Part[]} parts
 * @returns {string[]} why some of them cannot be shipped
 */
export function problemsOf(parts) {
  return parts.flatMap(({ name, version, licence, texts }) => [
    ...(allowed.includes(licence)
      ? []
      : [`${name} ${version} is under ${licence || 'no licence'}: nobody has said that it may be shipped`]),
    ...(texts.length > 0 ? [] : [`${name} ${version} brings no text of its licence along`])
  ])
}

/**
 * @param {readonly Part[]} parts
 * @returns {string} for people who want to read it
 */
export function noticesOf(parts) {
  const sections = parts
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
    .map(({ name, version, licence, homepage, texts }) =>
      [[`${name} ${version}`, licence, ...(homepage === undefined ? [] : [homepage])].join('\n'), ...texts].join('\n\n')
    )
  return `${['Maru contains the work of others. Electron and Chromium have files of their own beside this one.', ...sections].join(`\n\n${RULE}\n\n`)}\n`
}

/**
 * Of the builds that are in out/.
 * @throws where a part may not be shipped, or does not say under which terms
 */
export function writeNotices() {
  const folders = new Set(
    readdirSync(join(root, 'out', BUNDLED_PACKAGES)).flatMap((name) => {
      /** @type {string[]} */
      const noted = JSON.parse(readFileSync(join(root, 'out', BUNDLED_PACKAGES, name), 'utf8'))
      return noted
    })
  )
  const parts = [...folders].map((folder) => readPart(join(root, folder)))
  const problems = problemsOf(parts)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  writeFileSync(noticesFile, noticesOf(parts))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeNotices()
