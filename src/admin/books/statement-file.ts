import { decimalText } from '../../core/money.ts'
import { valueLabel } from '../../core/labels.ts'
import { wallTime } from '../../core/time.ts'
import type { Quarter } from '../../domain/tax/quarter.ts'
import type { Statement, StatementLine } from '../../domain/tax/read-statement.ts'
import { neutralised } from '../transfer/cells.ts'
import type { Piece } from '../transfer/download.ts'
import { BYTE_ORDER_MARK, csvLines } from '../transfer/export-list.ts'

interface Of {
  readonly quarter: Quarter
  readonly timeZone: string
}

/** The statement for a spreadsheet: every line that it is made of, and its boxes at the end. */
export async function* statementFile(statement: Statement, { quarter, timeZone }: Of): AsyncGenerator<Piece> {
  const { currency, sales, purchases } = statement
  const money = (cents: number) => decimalText(cents, currency)
  const row =
    (boxes: string) =>
    ({ at, kind, method, amountCents, gstCents, refType, refId }: StatementLine) =>
      [
        wallTime(at, timeZone),
        boxes,
        valueLabel(kind),
        method ? valueLabel(method) : '',
        money(amountCents),
        money(gstCents),
        currency,
        refType,
        refId,
      ].map(neutralised)
  yield {
    text:
      BYTE_ORDER_MARK +
      csvLines([['When', 'Box', 'What', 'Paid by', 'Amount with GST', 'GST', 'Currency', 'Record', 'Id']]),
    rows: 0,
  }
  const lines = [...sales.map(row('G1, 1A')), ...purchases.map(row('1B'))]
  if (lines.length > 0) yield { text: csvLines(lines), rows: lines.length }
  const box = (name: string, what: string, amount: number | null, gst: number | null) =>
    [
      quarter.name,
      name,
      what,
      '',
      amount === null ? '' : money(amount),
      gst === null ? '' : money(gst),
      currency,
      '',
      '',
    ].map(neutralised)
  yield {
    text: csvLines([
      box('G1', 'Total sales, GST included', statement.salesCents, null),
      box('1A', 'GST on sales', null, statement.gstOnSalesCents),
      box('1B', 'GST on purchases: registered instructors', null, statement.gstOnPurchasesCents),
      box('1A - 1B', 'GST to pay; below zero to come back', null, statement.owedCents),
    ]),
    rows: 0,
  }
}
