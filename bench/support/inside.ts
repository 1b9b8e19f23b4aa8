/**
 * Loaded into a measured process before its own program: answers its parent how much memory and time it takes, starts and ends
 * the profiler, and ends when its parent does.
 */
import { Session } from 'node:inspector/promises'

/** What the parent may ask. Each question gets one answer. */
export type Question = 'memory' | 'processor time' | 'start profile' | 'end profile'

const session = new Session()

const answers: Readonly<Record<Question, () => unknown>> = {
  memory: () => {
    globalThis.gc?.()
    return process.memoryUsage.rss()
  },
  'processor time': () => process.cpuUsage(),
  'start profile': async () => {
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    return await session.post('Profiler.start')
  },
  'end profile': async () => (await session.post('Profiler.stop')).profile,
}

process.on('message', (question: Question) => {
  void Promise.resolve(answers[question]()).then((answer) => process.send?.(answer ?? null))
})
process.on('disconnect', () => process.exit())
process.channel?.unref()
