/**
 * AdminJS and its Prisma adapter as they come, on the same models and columns. Peer of the `list` benchmark; DATABASE_URL
 * ignores the policies. Signs in whoever EMAIL and PASSWORD name.
 */
import AdminJSExpress from '@adminjs/express'
import { Database, Resource } from '@adminjs/prisma'
import { PrismaPg } from '@prisma/adapter-pg'
import prisma from '@prisma/client'
import { AdminJS } from 'adminjs'
import express from 'express'
import { datamodel } from '../../src/core/schema.ts'
import booking from '../../src/resources/booking.ts'

const { PORT, DATABASE_URL, EMAIL, PASSWORD } = process.env

AdminJS.registerAdapter({ Database, Resource })

const client = new prisma.PrismaClient({ adapter: new PrismaPg({ connectionString: DATABASE_URL, max: 10 }) })
const clientModule = { Prisma: { dmmf: { datamodel } } }

const isTitle = { isTitle: true }
const options: Record<string, object> = {
  // it has no columns of other records
  Booking: {
    listProperties: booking.list?.filter((name) => !name.includes('.')),
    sort: { sortBy: 'startAt', direction: 'desc' },
  },
  Student: { properties: { fullName: isTitle } },
  Instructor: { properties: { displayName: isTitle } },
}

const admin = new AdminJS({
  rootPath: '/admin',
  resources: datamodel.models.map((model) => ({
    resource: { model, client, clientModule },
    options: options[model.name] ?? {},
  })),
  settings: { defaultPerPage: 25 },
})

const SECRET = 'only for measuring on the loopback interface'
const authentication = {
  authenticate: (email: string, password: string) => (email === EMAIL && password === PASSWORD ? { email } : null),
  cookiePassword: SECRET,
}
const session = { secret: SECRET, resave: false, saveUninitialized: false }

const app = express()
app.use('/admin', AdminJSExpress.buildAuthenticatedRouter(admin, authentication, null, session))
app.listen(Number(PORT), '127.0.0.1')
