export { type DemoOptions, seedDemo } from './demo.ts'
export { type LargeOptions, seedLarge } from './large/main.ts'
