/** Loaded into a measured process before its own program: answers how much memory it holds, and ends with its parent. */
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage.rss())
})
process.on('disconnect', () => process.exit())
process.channel?.unref()
