import { type Database, openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { refreshPayment } from '../../src/stripe/refresh-payment.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'
import { faultsInBooks, type Wanted } from './books.ts'

/** A school that is paid by card, with Stripe beside it. */
export interface Stage {
  readonly base: TestDatabase
  readonly db: Database
  readonly harbour: School
  readonly at: TestStripe
  /** A lesson whose price was asked for by card. */
  asked(): Promise<Asked>
  /** The same with its intent at Stripe. */
  opened(): Promise<Opened>
  /** The same, paid and in the books. */
  paid(card?: string): Promise<Opened>
  row(model: string, id: string): Promise<Row>
  /** [] when not one cent is lost or doubled. */
  faults(wanted?: Wanted): Promise<string[]>
  close(): Promise<void>
}

export interface Asked {
  readonly bookingId: string
  readonly paymentId: string
}
export interface Opened extends Asked {
  readonly intent: string
}

export async function openStage(options: Parameters<typeof openStripe>[0] = { retries: 0 }): Promise<Stage> {
  const base = await cloneDatabase()
  const db = await openDatabase(base.url, { max: 20 })
  const harbour = await school(base)
  const at = await openStripe(options)
  const worker = () => workerOf(db, harbour)
  const row: Stage['row'] = async (model, id) => (await harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
  const stage: Stage = {
    base,
    db,
    harbour,
    at,
    row,
    asked: async () => {
      const { id: bookingId } = await harbour.booking()
      const { id: paymentId } = await does(db, harbour, (work) => requestPayment(work, bookingId))
      return { bookingId, paymentId }
    },
    opened: async () => {
      const made = await stage.asked()
      await openPaymentAtStripe(worker(), made.paymentId)
      return { ...made, intent: String((await row('Payment', made.paymentId)).stripePaymentIntentId) }
    },
    paid: async (payment_method = 'pm_card_visa') => {
      const made = await stage.opened()
      await at.client.paymentIntents.confirm(made.intent, { payment_method, return_url: 'http://x.test' })
      await refreshPayment(worker(), made.paymentId)
      return made
    },
    faults: (wanted) => faultsInBooks(base, at.simulator.state, wanted),
    close: async () => {
      await at.close()
      await db.close()
      await base.drop()
    },
  }
  return stage
}
