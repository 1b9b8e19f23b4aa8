import type { OrgRole } from '@prisma/client'

export interface Place {
  readonly name: string
  readonly postcode: string
  readonly lat: number
  readonly lng: number
}

export interface InstructorPlan {
  readonly name: string
  readonly gearbox: 'automatic' | 'manual' | 'both'
  /** 1 = Monday to 5 = Friday: never teaches then. */
  readonly dayOff: number
  /** Weeks before the clock's Monday; earlier than the story when missing. */
  readonly joinedWeeksAgo?: number
  readonly onboarded?: false
}

export interface SchoolPlan {
  readonly slug: string
  readonly name: string
  readonly abn: string
  readonly zone: string
  readonly state: 'NSW' | 'QLD' | 'SA'
  /** Cents for a lesson of 60 and of 90 minutes. */
  readonly prices: { readonly 60: number; readonly 90: number }
  /** Cents for ten lessons of 60 minutes; a whole number of cents for every half hour. */
  readonly packageCents: number
  readonly staff: Readonly<Record<Exclude<OrgRole, 'instructor' | 'student'>, string>>
  readonly instructors: readonly InstructorPlan[]
  readonly students: number
  /** Where the school's people begin in the list of names and of phone numbers. */
  readonly firstPerson: number
  /** Likelihood in percent that a weekday's slot is taken: after school, and before that. */
  readonly demand: { readonly peak: number; readonly day: number }
  readonly office: Place
  readonly suburbs: readonly Place[]
  readonly testCentre: Place
  readonly cars: readonly (readonly [make: string, model: string])[]
}

const place = (name: string, postcode: string, lat: number, lng: number): Place => ({ name, postcode, lat, lng })

const harbourCity: SchoolPlan = {
  slug: 'harbour-city',
  name: 'Harbour City Driving School',
  abn: '00412906041',
  zone: 'Australia/Sydney',
  state: 'NSW',
  prices: { 60: 8500, 90: 12500 },
  packageCents: 82_000,
  staff: {
    owner: 'Leonie Castellano',
    admin: 'Minh Anh Trieu',
    manager: 'Priya Raghunath',
    finance: 'Callum Dempster',
    compliance: 'Salma Haddadin',
  },
  instructors: [
    { name: 'Dragan Vukas', gearbox: 'both', dayOff: 1 },
    { name: 'Aroha Tamihana', gearbox: 'automatic', dayOff: 3 },
    { name: 'Sunil Weerakoon', gearbox: 'automatic', dayOff: 2 },
    { name: 'Kate Llewellyn-Moss', gearbox: 'automatic', dayOff: 4 },
    { name: 'Hussein Al-Tamer', gearbox: 'manual', dayOff: 5 },
    { name: 'Yuki Morinaga', gearbox: 'automatic', dayOff: 1 },
    { name: "Declan O'Reardon", gearbox: 'both', dayOff: 2 },
    { name: 'Thandiwe Nkala', gearbox: 'automatic', dayOff: 3, joinedWeeksAgo: 7, onboarded: false },
  ],
  students: 140,
  firstPerson: 0,
  demand: { peak: 90, day: 56 },
  office: place('Marrickville', '2204', -33.9111, 151.1551),
  suburbs: [
    place('Marrickville', '2204', -33.9111, 151.1551),
    place('Newtown', '2042', -33.8981, 151.1742),
    place('Ashfield', '2131', -33.8894, 151.1274),
    place('Leichhardt', '2040', -33.8838, 151.1571),
    place('Burwood', '2134', -33.8774, 151.1043),
    place('Drummoyne', '2047', -33.8523, 151.1546),
  ],
  testCentre: place('Five Dock', '2046', -33.8672, 151.1297),
  cars: [
    ['Toyota', 'Corolla'],
    ['Mazda', '2'],
    ['Hyundai', 'i20'],
    ['Kia', 'Rio'],
    ['Suzuki', 'Swift'],
  ],
}

const riverCity: SchoolPlan = {
  slug: 'river-city',
  name: 'River City Driver Training',
  abn: '00673121031',
  zone: 'Australia/Brisbane',
  state: 'QLD',
  prices: { 60: 7800, 90: 11_500 },
  packageCents: 75_000,
  staff: {
    owner: 'Bronwyn Talbot-Reyes',
    admin: 'Joon-ho Seong',
    manager: 'Tevita Langi',
    finance: 'Callum Dempster',
    compliance: 'Ngozi Adeleke-Hart',
  },
  instructors: [
    { name: 'Shane Whitbourn', gearbox: 'both', dayOff: 1 },
    { name: 'Linh Dao-Pham', gearbox: 'automatic', dayOff: 3 },
    { name: 'Mateus Carvalheira', gearbox: 'automatic', dayOff: 2 },
    { name: 'Ruth Kapeliele', gearbox: 'automatic', dayOff: 4 },
  ],
  students: 70,
  firstPerson: 300,
  demand: { peak: 86, day: 36 },
  office: place('Annerley', '4103', -27.5122, 153.0327),
  suburbs: [
    place('Annerley', '4103', -27.5122, 153.0327),
    place('West End', '4101', -27.4822, 153.0094),
    place('Toowong', '4066', -27.4849, 152.983),
    place('Greenslopes', '4120', -27.5089, 153.0497),
    place('Sunnybank', '4109', -27.5797, 153.0614),
  ],
  testCentre: place('Rocklea', '4106', -27.5431, 153.0014),
  cars: [
    ['Toyota', 'Yaris'],
    ['Mazda', '3'],
    ['MG', '3'],
  ],
}

const torrens: SchoolPlan = {
  slug: 'torrens',
  name: 'Torrens Driving Academy',
  abn: '00285647281',
  zone: 'Australia/Adelaide',
  state: 'SA',
  prices: { 60: 7495, 90: 11_000 },
  packageCents: 72_000,
  staff: {
    owner: 'Giulia Ferranti',
    admin: 'Oscar Lindqvist',
    manager: 'Giulia Ferranti',
    finance: 'Meilin Tsao',
    compliance: 'Farid Noorzai',
  },
  instructors: [
    { name: 'Nikos Stamatellis', gearbox: 'both', dayOff: 1 },
    { name: 'Amrit Kaur Dhaliwal', gearbox: 'automatic', dayOff: 3 },
  ],
  students: 30,
  firstPerson: 450,
  demand: { peak: 76, day: 21 },
  office: place('Norwood', '5067', -34.9211, 138.6303),
  suburbs: [
    place('Norwood', '5067', -34.9211, 138.6303),
    place('Unley', '5061', -34.9501, 138.6071),
    place('Prospect', '5082', -34.8842, 138.5943),
    place('Glenelg', '5045', -34.9799, 138.5156),
  ],
  testCentre: place('Marion', '5043', -35.0131, 138.5572),
  cars: [
    ['Honda', 'Jazz'],
    ['Volkswagen', 'Polo'],
  ],
}

/** The three demo schools (docs: domain rules, Demo schools), largest first. */
export const demoSchools: readonly SchoolPlan[] = [harbourCity, riverCity, torrens]

/** Kept free after each lesson. */
export const TRAVEL_MINUTES = 15
export const PLATFORM_FEE_BPS = 1500
/** Weeks of lessons before and after the week of the first start. */
export const WEEKS = { past: 14, ahead: 5 } as const
