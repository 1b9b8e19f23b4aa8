import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { AppError, invalid } from '../../core/errors.ts'

/** A file with one header and the same columns in every row. */
export interface Table {
  readonly separator: string
  readonly header: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** As a spreadsheet counts it: the header is row 1, and empty rows count. */
  readonly number: number
  readonly cells: readonly string[]
}

export const MAX_ROWS = 50_000
const MAX_COLUMNS = 100
const MAX_RECORD_CHARACTERS = 200_000
const SLICE = 65_536

/** @throws AppError Invalid in words when it is malformed, has no header or no rows */
export async function readTable(text: string): Promise<Table> {
  const separator = separatorOf(text)
  const records = await recordsOf(text, separator)
  const isFilled = ({ cells }: TableRow) => cells.some((cell) => cell.trim() !== '')
  const [first, ...rows] = records.filter(isFilled)
  if (!first) throw invalid('This file is empty. Choose another one.', 'file')
  const header = headerOf(first.cells)
  if (rows.length === 0)
    throw invalid('This file has column names but no rows below them, so there is nothing to import.', 'file')
  return { separator, header, rows: rows.map((row) => ({ ...row, cells: trimmed(row.cells, header.length) })) }
}

/** The one that the first line has most of, outside quotation marks. */
function separatorOf(text: string): string {
  const [line = ''] = text.split(/\r\n|\r|\n/, 1)
  const bare = line.replaceAll(/"[^"]*"/g, '')
  const counts = [',', ';', '\t', '|'].map((sign) => [sign, bare.split(sign).length] as const)
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

async function recordsOf(text: string, delimiter: string): Promise<TableRow[]> {
  let line = 0
  const parser = Readable.from(slices(text)).pipe(
    parse({
      delimiter,
      relax_column_count: true,
      max_record_size: MAX_RECORD_CHARACTERS,
      on_record: (record: string[], { lines }) => {
        line = lines
        return record
      },
    }),
  )
  const records: TableRow[] = []
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      records.push({ number: records.length + 1, cells })
      if (records.length > MAX_ROWS + 1)
        throw invalid(
          `This file has more than ${MAX_ROWS.toLocaleString('en')} rows. Split it into several files.`,
          'file',
        )
    }
  } catch (error) {
    throw error instanceof AppError ? error : malformed(error as CsvError, line + 1)
  }
  return records
}

// in pieces, so that other requests are answered in between
function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE)
}

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands between a closing quotation mark and the next cell',
  INVALID_OPENING_QUOTE: 'a quotation mark stands in the middle of a cell: write it twice, inside quotation marks',
  CSV_MAX_RECORD_SIZE: 'the row does not end: a quotation mark is probably opened and never closed',
}

/** @param line where the row begins that could not be read to its end */
function malformed(error: CsvError, line: number): Error {
  const reason = REASONS[error.code]
  if (!reason) return error
  return invalid(`The file cannot be read at line ${line}: ${reason}. Correct it there, then choose it again.`, 'file')
}

function headerOf(cells: readonly string[]): string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  const header = cells.slice(0, last + 1).map((cell, index) => cell.trim() || `Column ${index + 1}`)
  const value = header.find((cell) => LIKE_A_VALUE.test(cell))
  if (value !== undefined)
    throw invalid(
      `The first row has to name the columns, and “${value.slice(0, 40)}” looks like a value. Put a row with names on top, then choose the file again.`,
      'file',
    )
  const twice = header.find(
    (cell, index) => header.findIndex((one) => one.toLowerCase() === cell.toLowerCase()) < index,
  )
  if (twice !== undefined)
    throw invalid(
      `Two columns are called “${twice}”. Give one of them another name, then choose the file again.`,
      'file',
    )
  if (header.length > MAX_COLUMNS) throw invalid(`This file has more than ${MAX_COLUMNS} columns.`, 'file')
  return header
}

/** An e-mail address, a date, a number or a phone number: nobody calls a column so. */
const LIKE_A_VALUE = /^([^\s@]+@[^\s@]+\.[^\s@]+|[+(]?\d[\d\s().,/-]*)$/

/** Empty cells beyond the header are what spreadsheets leave behind. */
function trimmed(cells: readonly string[], width: number): readonly string[] {
  return cells.slice(width).every((cell) => cell.trim() === '') ? cells.slice(0, width) : cells
}
