import { resource } from '../core/declaration.ts'

export default resource('TravelTimeCache', {
  label: 'Travel times',
  singular: 'Travel time',
  title: ['source', 'drivingTimeMin'],
  list: ['drivingTimeMin', 'distanceMeters', 'source', 'reliability', 'lastUpdated', 'cacheValidUntil'],
  labels: { drivingTimeMin: 'Driving time', distanceMeters: 'Distance (m)', cacheValidUntil: 'Valid until' },
  values: { source: { google_maps: 'Google Maps' }, reliability: { high: 'High', medium: 'Medium', low: 'Low' } },
})
