export interface Line {
  cells: string[]
  mark: string | null
  request: string | null
}

export interface Section {
  name: string
  title: string
  columns: string[]
  none: string
  lines: Line[]
  more: boolean
}

export interface Review {
  month: string
  sections: Section[]
  reviewed: { who: string; at: string; note: string | null }[]
  isRunning: boolean
}
