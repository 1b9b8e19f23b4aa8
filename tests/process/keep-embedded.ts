// Started by tests: an embedded database in a process of its own, which can then be killed.
import { startEmbedded } from '../../src/postgres/embedded.ts'

const dataDir = process.argv[2] ?? ''
const { port } = await startEmbedded({ dataDir, fsync: false })
console.log(`running on ${port}`)
setInterval(() => {}, 60_000)
