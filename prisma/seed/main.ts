export { type DemoOptions, seedDemo } from './demo.ts'
