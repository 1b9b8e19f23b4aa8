import { resource } from '../core/declaration.ts'

export default resource('TripPoint', {
  label: 'GPS points',
  singular: 'GPS point',
  title: ['ts'],
  list: ['ts', 'trip', 'lat', 'lng', 'speedKph'],
  sort: { by: 'ts', direction: 'desc' },
  labels: { speedKph: 'Speed (km/h)' },
})
