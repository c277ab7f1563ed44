import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../protocol/values.ts'
import { StartError } from './config.ts'
import type { Config } from './config.ts'
import { silentLog } from './log.ts'
import { startRelay } from './relay.ts'
import { gate, overlay, TestRelay } from './testing/relay-kit.ts'

describe('a relay', () => {
  let dataDir = ''
  const config = async (): Promise<Config> => {
    dataDir = await mkdtemp(join(tmpdir(), 'maru-start-'))
    const common = {
      registration: 'invite',
      corsOrigins: [],
      trustedProxies: [],
      rateLimit: true,
      logLevel: 'silent'
    } as const
    return { host: '127.0.0.1', port: 0, dataDir, ...common }
  }
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  it('starts on a free port, with lowdb in the data directory, and stops once however often it is asked', async () => {
    const relay = await startRelay({ config: await config(), log: silentLog })
    expect(relay.port).toBeGreaterThan(0)
    expect(relay.url).toBe(`http://127.0.0.1:${relay.port}/`)
    expect(await (await fetch(`${relay.url}healthz`)).json()).toEqual({ status: 'ok' })
    await Promise.all([relay.stop(), relay.stop()])
    await expect(fetch(`${relay.url}healthz`)).rejects.toThrow('fetch failed')
  })

  it('listens everywhere when asked to, and names an address that can be opened', async () => {
    const relay = await startRelay({ config: { ...(await config()), host: '0.0.0.0' }, log: silentLog })
    expect(relay.url).toBe(`http://127.0.0.1:${relay.port}/`)
    expect(await (await fetch(`${relay.url}healthz`)).json()).toEqual({ status: 'ok' })
    await relay.stop()
  })

  it('says in one sentence that the port is in use, and lets go of the data', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const wanted = { ...(await config()), port }
    const attempt = startRelay({ config: wanted, log: silentLog })
    await expect(attempt).rejects.toThrow(StartError)
    await expect(attempt).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use by another program: set PORT to a free one.`
    )
    await new Promise((resolve) => other.close(resolve))
    await (await startRelay({ config: wanted, log: silentLog })).stop()
  })

  it('says in one sentence that another relay has the directory', async () => {
    const wanted = await config()
    const first = await startRelay({ config: wanted, log: silentLog })
    const attempt = startRelay({ config: wanted, log: silentLog })
    await expect(attempt).rejects.toThrow(StartError)
    await expect(attempt).rejects.toThrow(
      /^Another relay is running on .*: stop it, or set DATA_DIR to another directory\.$/
    )
    await first.stop()
  })

  it('says in one sentence that the directory cannot be used, or what in it is damaged', async () => {
    const wanted = await config()
    await writeFile(join(dataDir, 'file'), '')
    const attempt = startRelay({ config: { ...wanted, dataDir: join(dataDir, 'file', 'below') }, log: silentLog })
    await expect(attempt).rejects.toThrow(StartError)
    await (await startRelay({ config: wanted, log: silentLog })).stop()
    await writeFile(join(dataDir, 'relay.json'), '{"half": ')
    await expect(startRelay({ config: wanted, log: silentLog })).rejects.toThrow(
      /^The data cannot be read: .*relay\.json/
    )
  })

  it('finishes what is in line before it stops: the answer comes, and the next start has it', async () => {
    const [commitBegan, mayCommit] = [gate(), gate()]
    let held = false
    const relay = await TestRelay.start({
      wrapStorage: (storage) =>
        overlay(storage, {
          async commit(streams, work) {
            if (held) {
              commitBegan.open()
              await mayCommit.opened
            }
            return storage.commit(streams, work)
          }
        })
    })
    const kim = await relay.signUp('kim')
    const device = await relay.connect(kim)
    const roomId = await device.createRoom()
    held = true
    const sent = device.send(roomId, 'at the last moment')
    await commitBegan.opened
    const restarted = relay.restart()
    const late = device.ask('sync:push', { settled: 0, operations: [{ id: newId(), n: 3, operation: {} }] })
    mayCommit.open()
    expect((await sent).seq).toBe(2)
    expect(await late).toMatchObject({ ok: true, answers: [], stopped: { code: 'relay-stopping' } })
    await restarted
    const page = await relay.relay.storage.page(roomId, { limit: 1, maxBytes: 10_000 })
    expect(page.messages).toMatchObject([{ body: 'at the last moment' }])
    await relay.stop()
  })
})
