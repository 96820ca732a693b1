// Damages stored objects beneath the port of the bus.
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { Damage } from '../contract/bus/objects.ts'

/** Of the memory bus: the file that was written last. @param directory where its objects lie. */
export function damageFile(directory: string): Damage {
  return async (_, how) => {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    const newest = files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]!
    if (how === 'cut') truncateSync(newest, statSync(newest).size - 5)
    if (how === 'emptied') truncateSync(newest, 0)
    if (how === 'altered') writeFileSync(newest, 'other', { flag: 'r+' })
  }
}

/** Of the NATS bus: messages of the stream behind qz_blobs. An altered chunk is one that is gone and one that came instead. */
export function damageMessages(url: string): Damage {
  return async (name, how) => {
    const nc = await connect({ servers: url })
    const jsm = await jetstreamManager(nc)
    const meta = await jsm.streams.getMessage('OBJ_qz_blobs', {
      last_by_subj: `$O.qz_blobs.M.${Buffer.from(name).toString('base64').replaceAll('+', '-').replaceAll('/', '_')}`,
    })
    const subject = `$O.qz_blobs.C.${meta!.json<{ nuid: string }>().nuid}`
    const first = await jsm.streams.getMessage('OBJ_qz_blobs', { seq: 1, next_by_subj: subject } as { seq: number })
    const last = await jsm.streams.getMessage('OBJ_qz_blobs', { last_by_subj: subject })
    if (how === 'cut') await jsm.streams.deleteMessage('OBJ_qz_blobs', last!.seq)
    if (how === 'emptied') await jsm.streams.purge('OBJ_qz_blobs', { filter: subject })
    if (how === 'altered') {
      await jsm.streams.deleteMessage('OBJ_qz_blobs', first!.seq)
      await jetstream(nc).publish(subject, first!.data)
    }
    await nc.close()
  }
}
