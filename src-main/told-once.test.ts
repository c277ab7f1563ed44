import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isFirstTime } from './told-once.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-told-'))
})
afterEach(async () => rm(folder, { recursive: true }))

it('is the first time once, for each thing, over restarts, also where the folder is still to be made', async () => {
  const own = join(folder, 'maru')
  expect(await isFirstTime(own, 'still-running')).toBe(true)
  expect(await isFirstTime(own, 'still-running')).toBe(false)
  expect(await isFirstTime(own, 'other')).toBe(true)
})

it('of two that ask at once one is told', async () => {
  const answers = await Promise.all([isFirstTime(folder, 'x'), isFirstTime(folder, 'x')])
  expect(answers.toSorted()).toEqual([false, true])
})

it('rejects where nothing can be remembered', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(isFirstTime(join(folder, 'file'), 'x')).rejects.toThrow('file')
})
