import { escapeHtml } from '../../core/escape-html.ts'
import type { Drive } from '../../domain/lessons/read-drives.ts'

const SHEET = { width: 720, height: 420, margin: 40 }
const METERS_PER_DEGREE = 111_195
/** So that a car that stood still is no mountain range. */
const SHORTEST_SIDE_METERS = 300

/** A drive as a drawing that opens everywhere: the way, where it began and where it ended, north up. Nothing is loaded. */
export function tripMap({ stretches }: Pick<Drive, 'stretches'>, title: string): string {
  const positions = stretches.flat()
  const [lats, lngs] = [positions.map(({ lat }) => lat), positions.map(({ lng }) => lng)]
  const middle = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2
  const [lat0, lng0] = [middle(lats), middle(lngs)]
  const narrowing = Math.cos((lat0 * Math.PI) / 180)
  const side = (values: readonly number[], factor: number) =>
    Math.max(SHORTEST_SIDE_METERS, (Math.max(...values) - Math.min(...values)) * METERS_PER_DEGREE * factor)
  const { width, height, margin } = SHEET
  const perMeter = Math.min((width - 2 * margin) / side(lngs, narrowing), (height - 2 * margin) / side(lats, 1))
  const at = ({ lat, lng }: { lat: number; lng: number }) => ({
    x: (width / 2 + (lng - lng0) * METERS_PER_DEGREE * narrowing * perMeter).toFixed(1),
    y: (height / 2 - (lat - lat0) * METERS_PER_DEGREE * perMeter).toFixed(1),
  })
  const lines = stretches.map((stretch) => {
    const points = stretch.map((one) => `${at(one).x},${at(one).y}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke="#1d4ed8" stroke-width="4" stroke-linejoin="round"/>`
  })
  // a drive that ends where it began has both its words beside the same place
  const mark = (
    position: { lat: number; lng: number } | undefined,
    label: string,
    [colour, below]: [string, number],
  ) => {
    if (!position) return ''
    const { x, y } = at(position)
    return `<circle cx="${x}" cy="${y}" r="8" fill="${colour}"/><text x="${x}" y="${y}" dx="12" dy="${below}">${label}</text>`
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="14">
<title>${escapeHtml(title)}</title><rect width="${width}" height="${height}" fill="#f8fafc"/>
${lines.join('\n')}
${mark(positions.at(-1), 'End', ['#b91c1c', 20])}
${mark(positions[0], 'Start', ['#15803d', 2])}
<text x="${width - 24}" y="28" text-anchor="middle">N ↑</text>
</svg>
`
}
