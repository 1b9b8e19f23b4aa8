/** Given and family names that go together, as families in Australian suburbs bear them. Combined at random: nobody real. */
const families: readonly (readonly [given: readonly string[], family: readonly string[]])[] = [
  [
    ['Isla', 'Jack', 'Matilda', 'Lachlan', 'Ruby', 'Angus', 'Zoe', 'Harrison', 'Poppy', 'Flynn', 'Imogen', 'Jasper'],
    [
      'Thornbury',
      'Wetherill',
      'Marchbank',
      'Pemberley',
      'Gorrie',
      'Hollins',
      'Tregenza',
      'Aldworth',
      'Fennimore',
      'Kirkby',
    ],
  ],
  [
    ['Thảo', 'Quốc', 'Mai', 'Khôi', 'Lan', 'Bảo', 'Trinh', 'Phúc'],
    ['Nguyễn-Hà', 'Trần-Lưu', 'Đoàn', 'Lương', 'Tạ', 'Quách', 'Thái', 'Vương'],
  ],
  [
    ['Ananya', 'Rohan', 'Ishita', 'Varun', 'Meghna', 'Kabir', 'Sneha', 'Aditya'],
    ['Balakrishna', 'Deshmane', 'Kulkarne', 'Ranganath', 'Sethuraman', 'Vaidyan', 'Thekkan', 'Bhattarai'],
  ],
  [
    ['Xinyi', 'Haoran', 'Yutong', 'Jiahao', 'Wenqi', 'Zihan', 'Ruoxi', 'Yichen'],
    ['Ouyang', 'Shangguan', 'Ruan', 'Fang', 'Qiu', 'Shao', 'Tan', 'Guo'],
  ],
  [
    ['Layla', 'Yusuf', 'Mariam', 'Ziad', 'Noor', 'Tarek', 'Amina', 'Bilal'],
    ['Haddad-Issa', 'Khoury-Nader', 'Sabbagh', 'Barakat', 'Mansouri', 'Qureshi-Dar', 'Rahimi', 'Safi'],
  ],
  [
    ['Eleni', 'Stavros', 'Francesca', 'Marco', 'Katerina', 'Luca', 'Sofia', 'Dimitri'],
    ['Kalogeras', 'Pavlidou', 'Bertolucci-Fava', 'Mancuso', 'Tzimas', 'Santoro-Bell', 'Vitale', 'Galanos'],
  ],
  [
    ['Sione', 'Mele', 'Wiremu', 'Ana', 'Tama', 'Losa', 'Manaia', 'Filipe'],
    ['Tuimavave', 'Faleolo', 'Ngatai', 'Paraone', 'Vainikolo', 'Seumanutafa', 'Taufa', 'Rangihuna'],
  ],
  [
    ['Amara', 'Kwame', 'Zawadi', 'Dawit', 'Nyaring', 'Chol', 'Selam', 'Tendai'],
    ['Okafor-Lee', 'Mensah', 'Wanjala', 'Berhane', 'Garang', 'Lual', 'Haile', 'Chirwa'],
  ],
  [
    ['Ji-woo', 'Min-seo', 'Haruto', 'Sakura', 'Maria Clara', 'Jomar', 'Putri', 'Arief'],
    ['Hwang', 'Bae', 'Takamori', 'Fujinaga', 'dela Peña', 'Magsaysay-Cruz', 'Wirawan', 'Santika'],
  ],
]

const pairs: readonly string[] = families.flatMap(([given, family]) =>
  given.flatMap((first) => family.map((last) => `${first} ${last}`)),
)

/** The n-th name of all; neighbours differ in origin, given and family name. Distinct up to the number of pairs (over 600). */
export function personName(n: number): string {
  // a step without a common divisor visits every pair once
  return pairs[(n * 317 + 41) % pairs.length]!
}

/** The family name alone: a learner's parent bears it too. */
export const familyName = (fullName: string): string => fullName.slice(fullName.lastIndexOf(' ') + 1)

export const parentNames = [
  'Grace',
  'Peter',
  'Farah',
  'Andrew',
  'Hoa',
  'Sanjay',
  'Leilani',
  'Joseph',
  'Ming',
  'Rosa',
] as const

/** A mailbox in the domain that is reserved for examples. */
export function mailbox(fullName: string, suffix = ''): string {
  const plain = fullName.replace('Đ', 'D').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return `${plain.replace(/[^a-z]+/g, '.')}${suffix}@example.test`
}

export const streets = [
  'Wattle Street',
  'Banksia Avenue',
  'Railway Parade',
  'Jacaranda Road',
  'Station Street',
  'Church Street',
  'Fig Tree Lane',
  'Victoria Road',
  'Kookaburra Close',
  'Park Street',
  'Bellbird Crescent',
  'High Street',
  'Mill Road',
  'Illawong Street',
] as const
