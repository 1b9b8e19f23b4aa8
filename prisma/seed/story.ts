import { type Booked, planBookings, type Setting } from './bookings.ts'
import { addCases, chooseCases } from './cases.ts'
import { addCatalogue } from './catalogue.ts'
import { addConsents } from './consents.ts'
import { addCredits } from './credits.ts'
import { addEarnings } from './earnings.ts'
import { addWebhooks } from './events.ts'
import { addFleet } from './fleet.ts'
import { addExceptions, addHours } from './hours.ts'
import { addLearners } from './learners.ts'
import { addDrives } from './lessons.ts'
import { addMessages } from './messages.ts'
import { addOrganisation, addRules } from './organisation.ts'
import { decideOutcomes } from './outcomes.ts'
import { addPayments } from './payments.ts'
import { addBatches } from './payouts.ts'
import { addPolicyRefunds } from './refunds.ts'
import { matchLearners, planSlots, slotsOfNow } from './schedule.ts'
import { School } from './school.ts'
import type { SchoolPlan } from './schools.ts'
import { addInstructors, addStaff } from './team.ts'
import { addTravelTimes } from './travel.ts'

/** A school as it is known, and the bookings whose lives are still to happen to it. */
export interface Story {
  readonly school: School
  readonly bookings: readonly Booked[]
  readonly setting: Setting
}

/** Everything about one demo school, as it stands at `now`: its people, fourteen weeks of lessons, five weeks ahead, the money. */
export function tellStory(plan: SchoolPlan, now: Date): Story {
  const school = new School(plan, now)
  addOrganisation(school)
  addRules(school)
  addTravelTimes(school)
  const staff = addStaff(school)
  const team = addInstructors(school)
  const catalogue = addCatalogue(school)
  const fleet = addFleet(school, team)
  addHours(school, team)
  addExceptions(school, team)
  const learners = addLearners(school, team)
  addConsents(school, learners, staff)

  // two lessons are on right now, in the largest school
  const taken = team.length > 4 ? slotsOfNow(school, team) : []
  const matches = matchLearners(school, planSlots(school, team, taken), learners)
  const setting = { staff, catalogue, fleet }
  const bookings = planBookings(school, decideOutcomes(school, matches), setting)
  addDrives(school, bookings)

  const payments = addPayments(school, bookings)
  const credits = addCredits(school, payments, catalogue)
  addPolicyRefunds(school, payments, { staff, credits })
  const earned = addEarnings(school, payments)
  const cases = chooseCases(school, earned)
  addBatches(school, earned, staff)
  addCases(school, cases, staff)

  addMessages(school, bookings, payments)
  addWebhooks(school, payments)
  return { school, bookings, setting }
}
