// Checks each file of a data directory or backup by itself: name, length, checksum, shape; a backup's also against what it says it wrote. That
// the numbers in them agree is checked in verify-records.ts.
import { join } from 'node:path'
import type { Report } from '../verified-facts.ts'
import { checksum, DamagedFileError, documentAt } from './atomic-json-file.ts'
import type { BackupDocument, CopiedFile } from './backup.ts'
import { BACKUP_FILE, dataFiles, isData } from './data-files.ts'
import type { DataFile } from './data-files.ts'
import { isDocument, shapeFault } from './document-shapes.ts'
import type { DocumentKind } from './document-shapes.ts'
import { firstSeqOf, FORMAT, SEGMENT_MESSAGES } from './documents.ts'
import type { AvatarDocument, FingerprintsDocument, RelayDocument, SegmentDocument } from './documents.ts'
import type { Files } from './files.ts'
import { verifyJournal } from './verify-journal.ts'

export interface FileChecks {
  files: Files
  dataDir: string
  report: Report
  note: (line: string) => void
  progress: (so: { files: number; ofFiles: number }) => void
}

/** @returns how many files were checked, and whether they can be read together. */
export async function verifyFiles(parts: FileChecks): Promise<{ files: number; isData: boolean }> {
  const { dataDir, report, note, progress } = parts
  const list: DataFile[] = []
  for await (const file of dataFiles(parts.files, dataDir)) list.push(file)
  const files = list.filter(isData).length
  const manifest = await readManifest(parts, list)
  let relay: RelayDocument | undefined
  const ahead: { path: string; covers: number }[] = []
  for (const [index, file] of list.entries()) {
    progress({ files: index, ofFiles: list.length })
    noteOddName(file, note)
    if (!isData(file)) continue
    const content = await parts.files.read(join(dataDir, file.path))
    if (!content) continue
    checkCopy(file.path, content, manifest, report)
    if (!isDocument(file.kind)) continue
    const document = await readDocument(parts, file, file.kind, content)
    if (document === undefined) continue
    if (file.kind === 'relay') relay = checkRelay(document as RelayDocument, report)
    if (file.kind === 'avatar') checkAvatar(file, document as AvatarDocument, report)
    if (file.kind === 'segment') checkSegment(file, document as SegmentDocument, report)
    if (['fingerprints', 'run', 'late'].includes(file.kind)) checkOwner(file, document as FingerprintsDocument, report)
    const { covers = 0 } = document as { covers?: number }
    if (covers > (relay?.writtenThrough ?? Infinity)) ahead.push({ path: file.path, covers })
  }
  for (const { path } of manifest?.values() ?? []) report({ where: path, what: 'is missing from the backup' })
  if (!list.some(({ kind }) => kind === 'relay')) report({ where: 'relay.json', what: 'is missing' })
  if (!relay) return { files, isData: false }
  const last = await verifyJournal({ files: parts.files, dataDir, relay, report, note })
  if (last === undefined) return { files, isData: false }
  for (const { path, covers } of ahead) {
    if (covers <= last) continue
    report({ where: path, what: 'holds journal entries up to', expected: `at most ${last}`, found: `${covers}` })
  }
  return { files, isData: relay.format <= FORMAT }
}

function noteOddName({ kind, path }: DataFile, note: (line: string) => void): void {
  if (kind === 'foreign') note(`${path} is not the relay's; it is left alone`)
  if (kind === 'leftover') note(`${path} is left of a write that never came to its end; a start removes it`)
}

/** By path, what a backup says it holds; undefined for data that is none. What `checkCopy` finds goes out of it. */
async function readManifest(
  parts: FileChecks,
  list: readonly DataFile[]
): Promise<Map<string, CopiedFile> | undefined> {
  const file = list.find(({ kind }) => kind === 'backup')
  if (!file) return undefined
  const content = await parts.files.read(join(parts.dataDir, BACKUP_FILE))
  const document = content && ((await readDocument(parts, file, 'backup', content)) as BackupDocument | undefined)
  return document && new Map(document.files.map((copied) => [copied.path, copied]))
}

function checkCopy(path: string, content: Buffer, manifest: Map<string, CopiedFile> | undefined, report: Report): void {
  if (!manifest) return
  const copied = manifest.get(path)
  manifest.delete(path)
  if (!copied) return report({ where: path, what: 'is not of this backup' })
  if (content.length !== copied.bytes) {
    report({ where: path, what: 'length', expected: `${copied.bytes} bytes`, found: `${content.length}` })
  } else if (checksum(content) !== copied.checksum) {
    report({ where: path, what: 'is not as the backup wrote it' })
  }
}

/** Undefined if it is not what the relay wrote. */
async function readDocument(
  { files, dataDir, report }: FileChecks,
  { path }: DataFile,
  kind: DocumentKind,
  content: Buffer
): Promise<unknown> {
  const full = join(dataDir, path)
  const low = documentAt<unknown>({ ...files, read: async () => content }, full, null)
  try {
    await low.read()
  } catch (error) {
    if (!(error instanceof DamagedFileError || error instanceof SyntaxError)) throw error
    report({ where: path, what: error.message.replace(`${full}: `, '') })
    return undefined
  }
  const fault = shapeFault(kind, low.data)
  if (fault === undefined) return low.data
  report({ where: path, what: `is not of the shape that the relay writes: ${fault}` })
  return undefined
}

function checkRelay(relay: RelayDocument, report: Report): RelayDocument {
  const where = 'relay.json'
  if (relay.format > FORMAT) {
    report({ where, what: 'format', expected: `1 to ${FORMAT}`, found: `${relay.format}, of a newer relay` })
  }
  const wrong = relay.epochs.findIndex((epoch, index) => epoch <= (relay.epochs[index - 1] ?? 0))
  if (wrong !== -1) {
    report({
      where,
      what: `[S10.1] epoch ${wrong + 1}`,
      expected: 'higher than all before',
      found: `${relay.epochs[wrong]}`
    })
  }
  return relay
}

function checkSegment(file: DataFile, segment: SegmentDocument, report: Report): void {
  const { path: where, number = 0 } = file
  checkOwner(file, segment, report)
  const { firstSeq, messages } = segment
  if (firstSeq !== firstSeqOf(number)) {
    report({ where, what: 'firstSeq', expected: `${firstSeqOf(number)}`, found: `${firstSeq}` })
  }
  if (messages.length > SEGMENT_MESSAGES) {
    report({ where, what: 'messages', expected: `at most ${SEGMENT_MESSAGES}`, found: `${messages.length}` })
  }
}

function checkAvatar({ path: where, id = '' }: DataFile, { ownerId }: AvatarDocument, report: Report): void {
  if (ownerId !== id) report({ where, what: 'whose picture it is', expected: id, found: ownerId })
}

function checkOwner(file: DataFile, document: { roomId: string; number: number }, report: Report): void {
  const { path: where, id = '', number } = file
  if (document.roomId !== id) report({ where, what: 'room', expected: id, found: document.roomId })
  if (document.number !== number) report({ where, what: 'number', expected: `${number}`, found: `${document.number}` })
}
