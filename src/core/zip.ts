import { Zip, ZipDeflate, strToU8 } from 'fflate'

/** A file of an archive, in pieces as they come. */
export interface ZipFile {
  readonly name: string
  readonly pieces: Iterable<string> | AsyncIterable<string>
}

/** An archive of files, written while they are made: nothing of it is held but the piece at hand. */
export async function* zipped(files: Iterable<ZipFile> | AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  let failed: Error | null = null
  const zip = new Zip((error, data) => {
    failed ??= error
    ready.push(data)
  })
  const drain = function* () {
    if (failed) throw failed
    yield* ready.splice(0)
  }
  for await (const { name, pieces } of files) {
    const file = new ZipDeflate(name, { level: 6 })
    zip.add(file)
    for await (const piece of pieces) {
      file.push(strToU8(piece))
      yield* drain()
    }
    file.push(new Uint8Array(), true)
    yield* drain()
  }
  zip.end()
  yield* drain()
}
