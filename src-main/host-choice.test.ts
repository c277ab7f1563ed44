import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hostOptionsArgument, keepHostChoice } from './host-choice.ts'

const CHOICE = { on: true, address: '192.168.0.10', port: 4100, name: 'Home' }

let folder: string
let path: string
let problems: unknown[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-host-'))
  path = join(folder, 'hosting.json')
  problems = []
})
afterEach(async () => rm(folder, { recursive: true }))

const open = () => keepHostChoice(path, (problem) => problems.push(problem))

it('what was chosen is there after a restart', async () => {
  expect(open().load()).toBeNull()
  await open().save(CHOICE)
  expect(open().load()).toEqual(CHOICE)
  expect(problems).toEqual([])
})

it.each(['{', '[]', JSON.stringify({ ...CHOICE, port: 0 }), JSON.stringify({ ...CHOICE, address: '' })])(
  'a file that says %s starts nothing, is told, and stays',
  async (text) => {
    await writeFile(path, text)
    expect(open().load()).toBeNull()
    expect(problems).toHaveLength(1)
    expect(await readFile(path, 'utf8')).toBe(text)
  }
)

it('the page names an address, a fixed port and a name, and nothing else', () => {
  const { on: _, ...wish } = CHOICE
  expect(hostOptionsArgument.safeParse(wish).success).toBe(true)
  for (const wrong of [
    { ...wish, port: 0 },
    { ...wish, port: 70_000 },
    { ...wish, name: ' ' },
    { ...wish, name: 'x'.repeat(64) },
    { ...wish, dataDir: '/etc' },
    { ...wish, address: '' }
  ]) {
    expect(hostOptionsArgument.safeParse(wrong).success).toBe(false)
  }
})
