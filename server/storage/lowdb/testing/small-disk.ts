// A real file system of a few megabytes that a test can fill: a tmpfs of its own. Needs root on Linux.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class SmallDisk {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** @throws Error where nothing may be mounted */
  static mount(megabytes: number): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'maru-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' })
    } catch (error) {
      rmdirSync(path)
      throw error
    }
    return new SmallDisk(path)
  }

  /** Why there can be none here; undefined if there can. */
  static get obstacle(): string | undefined {
    try {
      SmallDisk.mount(1).unmount()
      return undefined
    } catch (error) {
      return `nothing can be mounted here: ${String(error).split('\n')[0]}`
    }
  }

  /** Takes all the space that is left. */
  async fill(): Promise<void> {
    const ballast = await open(join(this.path, 'ballast'), 'a')
    try {
      for (let bytes = 1 << 20; bytes >= 1; bytes = (bytes / 2) | 0) {
        try {
          for (;;) await ballast.appendFile(Buffer.alloc(bytes))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
    } finally {
      await ballast.close()
    }
  }

  /** Gives it back. */
  async empty(): Promise<void> {
    await rm(join(this.path, 'ballast'), { force: true })
  }

  onlyRead(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.path])
  }

  readAndWrite(): void {
    execFileSync('mount', ['-o', 'remount,rw', this.path])
  }

  unmount(): void {
    execFileSync('umount', [this.path])
    rmdirSync(this.path)
  }
}
