import { afterEach, expect, it, vi } from 'vitest'
import { appImagePath } from './environment.ts'

afterEach(() => vi.unstubAllEnvs())

function of(appImage: string | undefined, appDir: string | undefined): string | undefined {
  vi.stubEnv('APPIMAGE', appImage)
  vi.stubEnv('APPDIR', appDir)
  return appImagePath('/tmp/.mount_MaruXy/maru')
}

it('an AppImage is found again where it was started from, not where it runs', () => {
  expect(of('/home/minji/Maru.AppImage', '/tmp/.mount_MaruXy')).toBe('/home/minji/Maru.AppImage')
  expect(of('/home/minji/Maru.AppImage', undefined)).toBe('/home/minji/Maru.AppImage')
  expect(of(undefined, undefined)).toBeUndefined()
})

it('that of another program, which has started this one, is not ours', () => {
  expect(of('/home/minji/Terminal.AppImage', '/tmp/.mount_TermAb')).toBeUndefined()
  expect(of('/home/minji/Maru2.AppImage', '/tmp/.mount_Maru')).toBeUndefined()
})
